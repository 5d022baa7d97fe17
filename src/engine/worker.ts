/** A thread that reads files: an entry of its own, started by `pool.ts`. */
import { parentPort, workerData } from "node:worker_threads"
import { rules } from "#rules"
import { ready } from "./grammar.ts"
import { mapFile } from "./map-file.ts"
import type { Batch, SharedWork } from "./pool.ts"
import { packed } from "./record-bytes.ts"

/** Sent together: few enough that what is done does not wait long, enough that sending costs nothing. */
const BATCH = 64

const work = workerData as SharedWork
const asked = rules.filter((rule) => work.rules.includes(rule.id))
await ready()

let records: Batch["records"] = []
for (let at = take(); at < work.paths.length; at = take()) {
  // Text cannot be decoded where others could write.
  const bytes = work.bytes.slice(work.ends[at - 1] ?? 0, work.ends[at])
  const record = packed(mapFile(work.paths[at] as string, new Uint8Array(bytes), asked, work.options)).bytes()
  // What broke is read again by who can tell it.
  if (record) records.push([at, record])
  if (records.length === BATCH) send(false)
}
send(true)

function take(): number {
  return Atomics.add(work.next, 0, 1)
}

function send(isLast: boolean): void {
  parentPort?.postMessage(
    { records, isLast } satisfies Batch,
    records.map(([, bytes]) => bytes.buffer as ArrayBuffer),
  )
  records = []
}
