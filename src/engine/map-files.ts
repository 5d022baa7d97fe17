import type { OptionsByRule, Rule } from "#lint"
import { decode } from "#python"
import { askedOf, type CachePlace, contentHash, RecordCache } from "./cache.ts"
import { ready } from "./grammar.ts"
import { type FileRecord, mapFile } from "./map-file.ts"
import { recordBytes, recordOf } from "./record-bytes.ts"
import { ALWAYS_ON } from "./selectors.ts"

export interface MapRequest {
  files: readonly { path: string; bytes: Uint8Array }[]
  rules: readonly Rule[]
  options: OptionsByRule
  /** Where records are kept between runs; nowhere if not given. */
  cache?: CachePlace | undefined
  /** Is what is made of a file worth keeping? Not where its text is not what the disk holds. */
  isKept(path: string): boolean
}

/** The record of every file, in the order of the files: kept from an earlier run, or made now. */
export async function mapFiles(request: MapRequest): Promise<Map<string, FileRecord>> {
  const { files, rules, options } = request
  const cache = request.cache && new RecordCache(request.cache, askedOf(rules, options))
  const hashes = cache ? files.map(({ bytes }) => contentHash(bytes)) : []
  const ids = new Set([...rules.map((rule) => rule.id), ...ALWAYS_ON])
  const records = files.map(({ path, bytes }, at) => cache && kept(cache, path, hashes[at] as string, bytes, ids))
  if (records.includes(undefined)) await ready()
  for (const [at, { path, bytes }] of files.entries()) {
    if (records[at]) continue
    const record = mapFile(path, bytes, rules, options)
    records[at] = record
    const packed = cache && request.isKept(path) && recordBytes(record)
    if (packed) cache.add(path, hashes[at] as string, packed)
  }
  cache?.save()
  return new Map((records as FileRecord[]).map((record) => [record.path, record]))
}

/** What the cache holds of a file, without what was not asked this time. */
function kept(cache: RecordCache, path: string, content: string, bytes: Uint8Array, ids: ReadonlySet<string>): FileRecord | undefined {
  const packed = cache.find(path, content)
  if (!packed) return undefined
  try {
    const decoded = decode(bytes)
    const record = recordOf(packed, path, "text" in decoded ? decoded.text : "")
    record.findings = record.findings.filter(({ rule }) => ids.has(rule))
    record.notes = Object.fromEntries(Object.entries(record.notes).filter(([rule]) => ids.has(rule)))
    return record
  } catch {
    return undefined
  }
}
