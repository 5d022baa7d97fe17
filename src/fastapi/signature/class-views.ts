/**
 * Class-based views (`fastapi_utils.cbv` and its descendants): a class decorator makes the class itself a dependency of
 * every method that is a route, and the class's annotated attributes its parameters.
 */
import { annotationValue, type ClassValue, firstParameterIsBound, type Value } from "#python"
import type { Context } from "../context.ts"
import type { Fn } from "../project.ts"
import { ancestryOf } from "./kinds.ts"
import { annotated, isDepends } from "./markers.ts"
import { type Declared, signatureOf } from "./signature.ts"
import { genericName } from "./types.ts"

/** The class whose decorator makes a view of it, when the endpoint is a method that was registered in its body. */
export function viewOf(ctx: Context, endpoint: Value): ClassValue | undefined {
  if (endpoint.is !== "function" || endpoint.self || firstParameterIsBound(endpoint) !== "self" || !endpoint.owner) return undefined
  const { owner } = endpoint
  const named = owner.decorators.some((d) => d.is === "external" && /\.cbv(\(\))?$/.test(d.name))
  // A decorator of the project, on a class that asks for dependencies as only a view does.
  return named || (owner.decorators.some((d) => d.is === "function") && [...attributes(ctx, owner)].some(asks)) ? owner : undefined

  function asks({ annotation, default: given }: Attribute): boolean {
    return (given !== undefined && isDepends(given)) || annotated(ctx, annotation).metadata.some(isDepends)
  }
}

/** What a view's constructor takes: its `__init__`, then its annotated attributes, those of its bases first. */
export function viewSignature(ctx: Context, view: ClassValue, asking: Fn): Declared[] {
  const at = ctx.player.place(view.module, view.def.name_span)
  const init = ctx.player.methodOf(view, "__init__")
  // One that the decorator has put there is not the class's own.
  const own = init?.owner ? (signatureOf(ctx, { ...init, self: ctx.player.prototype(view) }, asking, at) ?? []) : []
  return [...own, ...[...attributes(ctx, view)].map((attribute) => ({ ...attribute, declaredBy: asking }))]
}

type Attribute = Required<Pick<Declared, "name" | "annotation" | "at">> & Pick<Declared, "default">

function attributes(ctx: Context, view: ClassValue): Iterable<Attribute> {
  const found = new Map<string, Attribute>()
  for (const cls of [...ancestryOf(ctx, view).classes].reverse()) {
    for (const [name, expression] of cls.body.annotations) {
      const annotation = annotationValue(ctx.player, expression, cls.module, cls.body)
      const isClassVar = annotation.is === "generic" && genericName(annotation) === "typing.ClassVar"
      if (name.startsWith("_") || isClassVar) continue
      const given = cls.body.own(name)
      found.set(name, { name, annotation, ...(given && { default: given }), at: ctx.player.place(cls.module, expression) })
    }
  }
  return found.values()
}
