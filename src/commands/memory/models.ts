import { ancestryOf, isModel } from "#fastapi"
import { plural } from "#lint"
import { type ClassValue, itemsOf, knownBoolean, knownText, type Value } from "#python"
import { code, compare, counted, type Facts, libraryName, most, some, type Topic } from "./facts.ts"

/** Base classes whose subclasses are stored. */
const STORED = /^(?:sqlalchemy\.|beanie\.|odmantic\.|tortoise\.|mongoengine\.|ormar\.|peewee\.|django\.db\.)/
const RELATION =
  /^(?:sqlalchemy\.orm\.(?:relationship|dynamic_loader)|sqlmodel\.Relationship|tortoise\.fields\.(?:ForeignKeyField|ManyToManyField|ReverseRelation))\(\)$/

/** What is stored and how it hangs together, and what goes over the wire. */
export const models: Topic = (facts) => {
  const stored = facts.classes
    .filter((one) => isStored(facts, one))
    .sort((a, b) => compare(a.module, b.module) || compare(a.qualname, b.qualname))
  const isTable = new Set(stored)
  const schemas = facts.classes.filter((one) => !isTable.has(one) && isModel(facts.project, one) === true && !isSettings(facts, one))
  const byFile = counted(schemas.map(({ module }) => module))
  return [
    ...(stored.length > 0
      ? [
          `- ${plural(stored.length, "stored model")} in ${some(
            counted(stored.map(({ module }) => module)).map(([path]) => path),
            5,
          )}`,
        ]
      : []),
    ...most(stored, 24, (one) => `- ${code(one.qualname)} (${one.module})${tableOf(one)}${relationsOf(facts, one)}`, "stored models"),
    ...(schemas.length > 0
      ? [
          `- ${plural(schemas.length, "schema")} of requests and responses, most in ${some(
            byFile.map(([path, count]) => `${path} (${count})`),
            6,
          )}`,
        ]
      : []),
    ...suffixes(schemas),
    ...configOf(schemas, facts),
  ]
}

function isStored({ project }: Facts, one: ClassValue): boolean {
  if (one.body.own("__abstract__") !== undefined) return false
  const { libraries, classes } = ancestryOf(project, one)
  // A base that names the tables of what derives from it does so in a function.
  if (knownText(one.body.own("__tablename__")) !== undefined || one.body.own("__table__") !== undefined) return true
  if (knownBoolean(one.keywords.get("table")) === true) return true
  if (![...libraries].some((name) => STORED.test(name))) return false
  const isDocument = [...libraries].some((name) => /Document$|^odmantic\.Model$|^tortoise\./.test(name))
  return (classes.length > 1 || isDocument) && hasColumns(one)
}

const hasColumns = ({ body }: ClassValue): boolean =>
  body.annotations.size > 0 || [...body.entries()].some(([, value]) => /(?:Column|mapped_column|Field)\(\)$/.test(libraryName(value) ?? ""))

export const isSettings = ({ project }: Facts, one: ClassValue): boolean =>
  [...ancestryOf(project, one).libraries].some((name) => name.endsWith(".BaseSettings"))

const tableOf = ({ body }: ClassValue): string => {
  const name = knownText(body.own("__tablename__"))
  return name === undefined ? "" : `, table ${code(name)}`
}

/** `` ; `items` -> Item; `owner_id` refers to `user.id` ``. */
function relationsOf(facts: Facts, one: ClassValue): string {
  const relations: string[] = []
  const references: string[] = []
  for (const [name, value] of one.body.entries()) {
    const called = libraryName(value)
    if (called === undefined || value.is !== "external") continue
    if (RELATION.test(called)) relations.push(`${name} -> ${targetOf(facts, one, name, value)}`)
    const key = knownText(value.built?.keywords.get("foreign_key")) ?? foreignKeyIn(value)
    if (key !== undefined) references.push(`${name} -> ${key}`)
  }
  return [
    ...(relations.length > 0 ? [`; relationships: ${some(relations.map(code), 6)}`] : []),
    ...(references.length > 0 ? [`; foreign keys: ${some(references.map(code), 6)}`] : []),
  ].join("")
}

function foreignKeyIn({ built }: Extract<Value, { is: "external" }>): string | undefined {
  for (const given of built?.positional ?? []) {
    if (given.is === "external" && /(?:^|\.)ForeignKey\(\)$/.test(given.name)) return knownText(given.built?.positional[0])
    for (const inner of itemsOf(given) ?? [])
      if (libraryName(inner)?.endsWith("ForeignKey()") && inner.is === "external") return knownText(inner.built?.positional[0])
  }
  return undefined
}

/** The model at the other end: said in the call, else the last name of the annotation (`Mapped[list["Item"]]`). */
function targetOf({ checked }: Facts, one: ClassValue, name: string, value: Extract<Value, { is: "external" }>): string {
  const said = value.built?.positional[0] ?? value.built?.keywords.get("argument")
  const text = knownText(said)
  if (text !== undefined) return text
  if (said?.is === "class") return said.qualname
  const annotation = one.body.annotations.get(name)
  const source = annotation && checked.analysis.records.get(one.module)?.text.slice(annotation.start, annotation.end)
  const names = source?.match(/[A-Za-z_]\w*/g)?.filter((word) => !WRAPPERS.has(word)) ?? []
  return names.at(-1) ?? "?"
}

const WRAPPERS = new Set([
  "None",
  "Mapped",
  "WriteOnlyMapped",
  "DynamicMapped",
  "List",
  "list",
  "Optional",
  "Set",
  "set",
  "Sequence",
  "dict",
  "Dict",
  "Union",
])

/** How schemas are called: `UserCreate`, `UserOut`. */
function suffixes(schemas: readonly ClassValue[]): string[] {
  const endings = counted(
    schemas.flatMap(
      ({ qualname }) =>
        /(?:Create|Update|Read|Public|Response|Request|Base|Out|In|InDB|Detail|List|Schema|DTO|Model|Params)$/.exec(qualname)?.[0] ?? [],
    ),
  )
  const usual = endings.filter(([, count]) => count > 1)
  return usual.length > 0
    ? [
        `- schemas are called ${some(
          usual.map(([ending, count]) => `${code(`...${ending}`)} (${count})`),
          8,
        )}`,
      ]
    : []
}

/** Bases of one's own that many schemas share. */
function configOf(schemas: readonly ClassValue[], { project }: Facts): string[] {
  const shared = counted(
    schemas.flatMap((one) => {
      const base = ancestryOf(project, one).classes.at(-1)
      return base && base !== one ? [`${code(base.qualname)} (${base.module})`] : []
    }),
  ).filter(([, count]) => count >= 5)
  return shared.length > 0
    ? [
        `- schemas derive from ${some(
          shared.map(([base, count]) => `${base}, ${plural(count, "time")}`),
          4,
        )}`,
      ]
    : []
}
