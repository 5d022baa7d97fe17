import type { OnStep, OptionsByRule, Rule } from "#lint"
import { decode } from "#python"
import { askedOf, type CachePlace, contentHash, RecordCache } from "./cache.ts"
import { ready } from "./grammar.ts"
import type { FileRecord } from "./map-file.ts"
import { type Mapped, mapInThreads, mapped, threadsFor } from "./pool.ts"
import { recordOf } from "./record-bytes.ts"
import { ALWAYS_ON } from "./selectors.ts"

export interface MapRequest {
  files: readonly { path: string; bytes: Uint8Array }[]
  rules: readonly Rule[]
  options: OptionsByRule
  /** Where records are kept between runs; nowhere if not given. */
  cache?: CachePlace | undefined
  /** Is what is made of a file worth keeping? Not where its text is not what the disk holds. */
  isKept(path: string): boolean
  /** How many threads to use; as many as pay if not given. */
  jobs?: number | undefined
  onStep?: OnStep | undefined
}

/** The record of every file, in the order of the files: kept from an earlier run, or made now. */
export async function mapFiles(request: MapRequest): Promise<Map<string, FileRecord>> {
  const { files, rules, options } = request
  const step = request.onStep ?? (() => undefined)
  if (request.cache) step("cache")
  const cache = request.cache && new RecordCache(request.cache, askedOf(rules, options))
  const hashes = cache ? files.map(({ bytes }) => contentHash(bytes)) : []
  const ids = new Set([...rules.map((rule) => rule.id), ...ALWAYS_ON])
  const records = files.map(({ path, bytes }, at) => cache && kept(cache, path, hashes[at] as string, bytes, ids))
  const missing = [...records.keys()].filter((at) => !records[at])
  const made = await mapMissing(
    missing.map((at) => files[at] as MapRequest["files"][number]),
    request,
  )
  step("unpack")
  for (const [nth, at] of missing.entries()) {
    const { path, bytes } = files[at] as MapRequest["files"][number]
    const one = made[nth] as Mapped
    records[at] = one instanceof Uint8Array ? recordOf(one, path, textOf(bytes)) : one.record
    const whole = cache && request.isKept(path) ? (one instanceof Uint8Array ? one : one.bytes()) : undefined
    if (whole) cache?.add(path, hashes[at] as string, whole)
  }
  if (cache) step("cache")
  cache?.save()
  return new Map((records as FileRecord[]).map((record) => [record.path, record]))
}

/** Reads what no earlier run has kept: here, or in several threads where that is sooner. */
async function mapMissing(files: MapRequest["files"], { rules, options, jobs, onStep }: MapRequest): Promise<Mapped[]> {
  if (files.length === 0) return []
  await ready()
  const threads = threadsFor(files, rules, jobs)
  if (threads === 0) return files.map(({ path, bytes }) => mapped(path, bytes, rules, options, onStep))
  onStep?.("files, in threads")
  return mapInThreads(files, rules, options, threads)
}

/** What the cache holds of a file, without what was not asked this time. */
function kept(cache: RecordCache, path: string, content: string, bytes: Uint8Array, ids: ReadonlySet<string>): FileRecord | undefined {
  const packed = cache.find(path, content)
  if (!packed) return undefined
  try {
    const record = recordOf(packed, path, textOf(bytes))
    record.findings = record.findings.filter(({ rule }) => ids.has(rule))
    record.notes = Object.fromEntries(Object.entries(record.notes).filter(([rule]) => ids.has(rule)))
    return record
  } catch {
    return undefined
  }
}

function textOf(bytes: Uint8Array): string {
  const decoded = decode(bytes)
  return "text" in decoded ? decoded.text : ""
}
