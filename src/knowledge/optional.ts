/**
 * Library calls that give `None` where there is no such row or key.
 * Source: the libraries' own annotations and reference pages.
 */
import { canonical } from "./names.ts"
import { asBase, settle } from "./results.ts"
import { table } from "./table.ts"

export const optionalResults: readonly string[] = [
  "sqlalchemy.orm.Query().{first,one_or_none,get}",
  "sqlalchemy.orm.Session().{get,scalar}",
  "sqlalchemy.{Result,ScalarResult,MappingResult}().{first,one_or_none}",
  "sqlalchemy.Result().{scalar,scalar_one_or_none}",
  "sqlalchemy.ext.asyncio.AsyncSession().{get,scalar}",
  "pymongo.collection.Collection().{find_one,find_one_and_update,find_one_and_replace,find_one_and_delete}",
  "motor.motor_asyncio.AsyncIOMotorClient().**.{find_one,find_one_and_update,find_one_and_replace,find_one_and_delete}",
]

const find = table(optionalResults.map((name) => [name, true] as const))

/** May calling this (no final `()`) give `None` for a row that does not exist? False also for what is not known. */
export function mayBeNone(name: string): boolean {
  const dot = name.lastIndexOf(".")
  if (dot < 0) return false
  return asBase(canonical(settle(name.slice(0, dot)) + name.slice(dot))).some((spelling) => find(spelling) === true)
}
