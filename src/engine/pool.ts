/** Reading many files in several threads. */
import { availableParallelism } from "node:os"
import { Worker } from "node:worker_threads"
import type { OnStep, OptionsByRule, Rule } from "#lint"
import { rules as builtIn } from "#rules"
import { mapFile } from "./map-file.ts"
import { type Packed, packed } from "./record-bytes.ts"
import { BUILD } from "./version.ts"

export interface SharedWork {
  /** The bytes of all files, one after the other; each file begins where the one before ends. */
  bytes: Uint8Array
  ends: number[]
  paths: string[]
  /** The number of the next file that nobody has taken. */
  next: Int32Array
  rules: string[]
  options: OptionsByRule
}

/** What a thread sends: records as bytes, by the number of their file; nothing is behind the last. */
export interface Batch {
  records: [number, Uint8Array][]
  isLast: boolean
}

/** A file that has been read: here, or as the bytes that another thread sent. */
export type Mapped = Packed | Uint8Array

/** Less than this is read sooner than another thread is ready: it has the rules and the grammar to load first. */
const WORTH_A_THREAD = 1_200_000

/**
 * How many threads besides this one: those that were asked for, else as many as pay. Sources that are run directly
 * have none, because Node must be able to load them.
 */
export function threadsFor(files: readonly { bytes: Uint8Array }[], rules: readonly Rule[], jobs: number | undefined): number {
  if (BUILD === undefined || !rules.every((rule) => builtIn.includes(rule))) return 0
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const wanted = jobs ?? Math.min(availableParallelism(), 1 + Math.floor(size / WORTH_A_THREAD))
  return Math.min(wanted, files.length) - 1
}

/**
 * Reads all files, in this thread and in others, each taking the next file when it is done with one. What comes back
 * is in the order of the files, whoever read them.
 */
export async function mapInThreads(
  files: readonly { path: string; bytes: Uint8Array }[],
  rules: readonly Rule[],
  options: OptionsByRule,
  threads: number,
): Promise<Mapped[]> {
  const work = shared(files, rules, options)
  const made: (Mapped | undefined)[] = files.map(() => undefined)
  const others = Array.from({ length: threads }, () => thread(work, made))
  for (let at = Atomics.add(work.next, 0, 1); at < files.length; at = Atomics.add(work.next, 0, 1)) made[at] = read(at)
  await Promise.all(others)
  // What a thread has taken and not given back, because it broke or something in the file broke it.
  return made.map((one, at) => one ?? read(at))

  function read(at: number): Mapped {
    const { path, bytes } = files[at] as (typeof files)[number]
    return mapped(path, bytes, rules, options)
  }
}

/** Reads a file and keeps its tree as bytes: so the one that was parsed is gone before the next file is read. */
export function mapped(path: string, bytes: Uint8Array, rules: readonly Rule[], options: OptionsByRule, onStep?: OnStep): Mapped {
  const record = mapFile(path, bytes, rules, options, onStep)
  onStep?.("pack")
  return packed(record)
}

function shared(files: readonly { path: string; bytes: Uint8Array }[], rules: readonly Rule[], options: OptionsByRule): SharedWork {
  const bytes = new Uint8Array(new SharedArrayBuffer(files.reduce((sum, file) => sum + file.bytes.length, 0)))
  const ends: number[] = []
  let end = 0
  for (const file of files) {
    bytes.set(file.bytes, end)
    end += file.bytes.length
    ends.push(end)
  }
  const ids = rules.filter((rule) => rule.file || rule.notes).map((rule) => rule.id)
  return { bytes, ends, paths: files.map(({ path }) => path), next: new Int32Array(new SharedArrayBuffer(4)), rules: ids, options }
}

/** Runs one thread until it has sent all that it will, however it ends. Taking its memory down is not waited for: that takes a tenth of a second. */
function thread(work: SharedWork, made: (Mapped | undefined)[]): Promise<void> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: work })
    worker.on("message", ({ records, isLast }: Batch) => {
      for (const [at, bytes] of records) made[at] = bytes
      if (!isLast) return
      worker.unref()
      resolve()
    })
    worker.on("error", () => undefined)
    worker.on("exit", () => resolve())
  })
}
