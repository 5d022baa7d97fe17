/** Everything that a response may show: the fields of its model, of the models in them, and so on. */
import type { ClassValue, Value } from "#python"
import type { Type } from "../project.ts"
import { isModel } from "./kinds.ts"
import { type ModelField, modelFields } from "./models.ts"
import { bare, type Linked, members } from "./types.ts"

export interface Shown {
  field: ModelField
  /** `user.address.street`, from the outermost model on. */
  path: string
  /** The model that shows it; a base class of it may declare the field. */
  model: ClassValue
}

/** Deeper nesting is not looked into. */
const DEEPEST = 5

const known = new WeakMap<Linked, WeakMap<Value, readonly Shown[]>>()

/** The fields that a type shows, each model once. What is not known is left out. Looked for once: many routes answer with one model. */
export function shownFields(ctx: Linked, { value }: Type): readonly Shown[] {
  const all = known.get(ctx) ?? new WeakMap<Value, readonly Shown[]>()
  known.set(ctx, all)
  const shown = all.get(value) ?? everyField(ctx, value)
  all.set(value, shown)
  return shown
}

function everyField(ctx: Linked, type: Value): readonly Shown[] {
  const shown: Shown[] = []
  const seen = new Set<ClassValue>()
  const look = (value: Value, path: string, depth: number): void => {
    // Most fields are plain: nothing is below them.
    if (depth > DEEPEST || value.is === "external" || value.is === "literal") return
    for (const member of members(ctx, value)) {
      const inner = bare(ctx, member)
      if (inner.is === "generic") {
        for (const part of [inner.of, ...inner.args]) look(part, path, depth + 1)
        continue
      }
      if (inner.is !== "class" || seen.has(inner) || !isModel(ctx, inner)) continue
      seen.add(inner)
      const fields = modelFields(ctx, inner)
      if (!fields.known) continue
      for (const field of fields.value) {
        const where = path === "" ? field.name : `${path}.${field.name}`
        shown.push({ field, path: where, model: inner })
        look(field.type.value, where, depth + 1)
      }
    }
  }
  look(type, "", 0)
  return shown
}
