/**
 * What was read of each file, kept for the next run. An entry is known by path and content, by the build of fastlint
 * and by the rules that looked at it, and holds nothing of another file: so it is never out of date.
 *
 * All entries of a project stand in one file, since thousands of small ones are slow. It is read whole and written
 * anew as a whole when anything changed, so of two runs at once the later wins and the other's work is done again.
 */
import { hash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import type { OptionsByRule, Rule } from "#lint"
import { CACHE_FOLDER, writeCached } from "./cache-folder.ts"
import { isProject } from "./root.ts"
import type { Settings } from "./settings.ts"

export interface CachePlace {
  folder: string
  /** The project, whose paths the entries bear. */
  root: string
  /** Of fastlint: another build may read the same file otherwise. */
  build: string
}

/** Where the cache of a project is. Undefined where nothing is to be kept. */
export function cachePlace(
  root: string,
  settings: Pick<Settings, "root" | "cacheDir">,
  asked: { build: string; folder?: string } | undefined,
): CachePlace | undefined {
  if (!asked) return undefined
  const folder = asked.folder ?? (settings.cacheDir === undefined ? undefined : join(settings.root, settings.cacheDir))
  // A lone file may lie in a home folder or in `/tmp`, which want no cache of ours.
  if (folder === undefined && !isProject(root)) return undefined
  return { folder: folder ?? join(root, CACHE_FOLDER), root, build: `${asked.build} ${process.versions.unicode}` }
}

/** `[path, content, number of its asked list, where it begins, how long it is, check sum]` */
type Entry = [path: string, content: string, asked: number, start: number, length: number, sum: string]

interface Index {
  build: string
  /** The rules that files were asked about, with their options, one list for all files of one run. */
  asked: string[][]
  entries: Entry[]
}

const HEADER = /^fastlint records 1 (\d+) (\w+)\n/

/** The part of a run that decides what a record holds: rules that look at syntax, each with its options. */
export const askedOf = (rules: readonly Rule[], options: OptionsByRule): string[] =>
  rules.flatMap((rule) => (rule.file || rule.notes ? `${rule.id} ${JSON.stringify(options[rule.id] ?? {})}` : []))

export class RecordCache {
  private readonly place: CachePlace
  private readonly name: string
  private readonly asked: readonly string[]
  /** Of each list of the index, whether it answers all that is asked now. */
  private readonly answers: boolean[]
  private readonly index: Index
  private readonly bytes: Uint8Array
  private readonly byPath: Map<string, Entry>
  private readonly added = new Map<string, { content: string; bytes: Uint8Array }>()

  constructor(place: CachePlace, asked: readonly string[]) {
    this.place = place
    this.asked = asked
    // Several projects may share a folder.
    this.name = `${contentHash(Buffer.from(relative(place.folder, place.root).replaceAll("\\", "/"))).slice(0, 16)}.records`
    const { index, bytes } = read(join(place.folder, this.name), place.build)
    this.index = index
    this.bytes = bytes
    this.byPath = new Map(index.entries.map((entry) => [entry[0], entry]))
    this.answers = index.asked.map((list) => asked.every((one) => list.includes(one)))
  }

  /** What was kept of this path with this content; undefined where nothing is, or where it is damaged. */
  find(path: string, content: string): Uint8Array | undefined {
    const entry = this.byPath.get(path)
    if (!entry || entry[1] !== content || !this.answers[entry[2]]) return undefined
    const bytes = this.slice(entry)
    return contentHash(bytes) === entry[5] ? bytes : undefined
  }

  /** Keeps a record, in place of what was kept of this path. */
  add(path: string, content: string, bytes: Uint8Array): void {
    this.added.set(path, { content, bytes })
  }

  /** Writes what is new, beside what is still good. */
  save(): void {
    if (this.added.size === 0) return
    const pieces: Uint8Array[] = []
    const lists: string[][] = []
    const entries: Entry[] = []
    let start = 0
    const put = (path: string, content: string, asked: readonly string[], bytes: Uint8Array, sum: string) => {
      let list = lists.findIndex((one) => one.join("\n") === asked.join("\n"))
      if (list < 0) list = lists.push([...asked]) - 1
      entries.push([path, content, list, start, bytes.length, sum])
      pieces.push(bytes)
      start += bytes.length
    }
    for (const entry of this.index.entries) {
      const [path, content, asked, , , sum] = entry
      // A run need not have read every file, so what it did not ask for goes only with its file.
      if (!this.added.has(path) && existsSync(join(this.place.root, path)))
        put(path, content, this.index.asked[asked] as string[], this.slice(entry), sum)
    }
    for (const [path, { content, bytes }] of this.added) put(path, content, this.asked, bytes, contentHash(bytes))
    const index = Buffer.from(JSON.stringify({ build: this.place.build, asked: lists, entries } satisfies Index))
    const header = Buffer.from(`fastlint records 1 ${index.length} ${contentHash(index)}\n`)
    writeCached(this.place.folder, this.name, Buffer.concat([header, index, ...pieces]))
  }

  private slice([, , , start, length]: Entry): Uint8Array {
    return this.bytes.subarray(start, start + length)
  }
}

/** The identity of a file's content. */
export const contentHash = (bytes: Uint8Array): string => hash("sha256", bytes, "hex").slice(0, 32)

function read(path: string, build: string): { index: Index; bytes: Uint8Array } {
  const nothing = { index: { build, asked: [], entries: [] }, bytes: new Uint8Array() }
  try {
    const file = readFileSync(path)
    const [header, length, sum] = HEADER.exec(file.subarray(0, 100).toString("latin1")) ?? []
    if (header === undefined) return nothing
    const end = header.length + Number(length)
    const json = file.subarray(header.length, end)
    if (contentHash(json) !== sum) return nothing
    const index = JSON.parse(json.toString()) as Index
    return index.build === build ? { index, bytes: file.subarray(end) } : nothing
  } catch {
    return nothing
  }
}
