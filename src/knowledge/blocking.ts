/**
 * Calls that hold the thread they are made on until something outside answers, or until much work is done. On
 * the event loop they stop every other request.
 *
 * Client objects are matched by class and method, never by a variable's name; asynchronous twins have other
 * qualified names and so are never met. What is awaited is never asked about.
 */

import { ai } from "./blocking/ai.ts"
import { brokers } from "./blocking/brokers.ts"
import { clients } from "./blocking/clients.ts"
import { cloud, harmless } from "./blocking/cloud.ts"
import { database } from "./blocking/database.ts"
import type { Group, Kind, Unless } from "./blocking/group.ts"
import { mappers } from "./blocking/mappers.ts"
import { network } from "./blocking/network.ts"
import { waiting } from "./blocking/waiting.ts"
import { work } from "./blocking/work.ts"
import { canonical } from "./names.ts"
import { asBase, settle } from "./results.ts"
import { type Row, table } from "./table.ts"

export type { Kind, Unless } from "./blocking/group.ts"

/** What is known of one blocking call. */
export interface Blocking {
  kind: Kind
  /** What to write instead, in one line. */
  instead: string
  /** False for what is cheap as a rule (`Path.exists`, a lock): nobody is accused of it by default. */
  certain: boolean
  /** The argument that makes this call return at once. */
  unless?: Unless
  /** A page that describes the call. */
  source: string
}

/** All that is known, for the script that checks it and for the documentation. */
export const blockingGroups: readonly Group[] = [
  ...waiting,
  ...network,
  ...database,
  ...mappers,
  ...cloud,
  ...ai,
  ...brokers,
  ...clients,
  ...work,
]

const HARMLESS = null
const find = table(rows())
const known = new Map<string, Blocking | undefined>()

/**
 * What calling this waits for: `requests.get`, `sqlalchemy.orm.Session().query().filter().all`. Undefined where
 * nothing is known. The name is that of the callee, without its own `()`, in any spelling. What a `with` or a
 * `for` calls can be asked too: `threading.Lock().__enter__`, `sqlalchemy.orm.Query().__iter__`.
 */
export function blocking(name: string): Blocking | undefined {
  if (known.has(name)) return known.get(name)
  let found: Blocking | null | undefined
  for (const spelling of asBase(callee(name))) {
    found = find(spelling)
    if (found !== undefined) break
  }
  const answer = found ?? undefined
  known.set(name, answer)
  return answer
}

/** Does it wait for something outside the program? If not, it works: on a file, an archive, or the processor. */
export function waits(kind: Kind): boolean {
  return kind !== "file" && kind !== "archive" && kind !== "cpu"
}

/** The owner settled, the last step left as it is: a method that returns its own object is a call all the same. */
function callee(name: string): string {
  const dot = name.lastIndexOf(".")
  return dot < 0 ? name : canonical(settle(name.slice(0, dot)) + name.slice(dot))
}

function* rows(): Generator<Row<Blocking | null>> {
  for (const name of harmless) yield [name, HARMLESS]
  for (const { names, kind, instead, certain = true, unless, source } of blockingGroups)
    for (const name of names) yield [name, { kind, instead, certain, source, ...(unless && { unless }) }]
}
