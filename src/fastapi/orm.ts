/** What the project's SQLAlchemy and SQLModel classes say of their tables. */
import { type Built, type ClassValue, knownBoolean, knownText, type Place, type Value } from "#python"
import { ancestryOf } from "./signature/kinds.ts"
import type { Linked } from "./signature/types.ts"

/** An attribute that stands for rows of another table. */
export interface Relationship {
  name: string
  /** Where it is declared. */
  at: Place
  /** Loaded by a query of its own on first use, which is the default; undefined where that cannot be told. */
  isLazy: boolean | undefined
}

const RELATIONSHIPS = new Set(["sqlalchemy.orm.relationship()", "sqlmodel.Relationship()"])

/** The relationships that a class and its bases declare. */
export function relationshipsOf(ctx: Linked, of: ClassValue): Relationship[] {
  return ancestryOf(ctx, of).classes.flatMap((cls) =>
    [...cls.body.entries()].flatMap(([name, value]) => {
      if (value.is !== "external" || !RELATIONSHIPS.has(value.name) || !value.built) return []
      const span = cls.def.body.find(
        (one) =>
          (one.kind === "AnnAssign" && one.target.kind === "Name" && one.target.id === name) ||
          (one.kind === "Assign" && one.targets.some((target) => target.kind === "Name" && target.id === name)),
      )
      const annotation = cls.body.annotations.get(name)
      const isOther =
        annotation?.kind === "Subscript" && annotation.value.kind === "Name" && /^(Dynamic|WriteOnly)Mapped$/.test(annotation.value.id)
      return [{ name, at: ctx.player.place(cls.module, span ?? cls.def.name_span), isLazy: isOther ? false : isLazy(value.built) }]
    }),
  )
}

function isLazy({ keywords, open }: Built): boolean | undefined {
  const more = keywords.get("sa_relationship_kwargs")
  const given = keywords.get("lazy") ?? (more?.is === "mapping" ? more.entries.find(([key]) => knownText(key) === "lazy")?.[1] : undefined)
  if (given === undefined) return open || (more !== undefined && (more.is !== "mapping" || more.open)) ? undefined : true
  const text = knownText(given)
  if (text !== undefined) return text === "select"
  return knownBoolean(given)
}

const COLUMNS = new Set(["sqlalchemy.Column()", "sqlalchemy.orm.mapped_column()", "sqlmodel.Field()"])

/** The names of columns that say `unique=True` of themselves. */
export function uniqueColumnsOf(ctx: Linked, of: ClassValue): string[] {
  return ancestryOf(ctx, of).classes.flatMap((cls) => [...cls.body.entries()].flatMap(([name, value]) => (isUnique(value) ? [name] : [])))
}

const isUnique = (value: Value): boolean =>
  value.is === "external" && COLUMNS.has(value.name) && knownBoolean(value.built?.keywords.get("unique")) === true
