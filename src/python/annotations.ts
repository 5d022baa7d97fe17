/** Annotations: from the expression to the type, and from a type to what an instance of it is. */
import { evaluate } from "./evaluate.ts"
import type { Expr } from "./nodes.ts"
import type { Frame, Player } from "./play.ts"
import { parseAnnotation } from "./quoted.ts"
import type { Scope } from "./scope.ts"
import { external, isNone, joinAll, type Mapping, sequence, unknown, type Value } from "./values.ts"

/** The value of an annotation, strings read as code, in the scope in which it stands. */
export function annotationValue(player: Player, annotation: Expr, path: string, scope: Scope): Value {
  const frame: Frame = { mode: "body", path, scope, maybe: 0, depth: 0, within: [], returns: [], yields: [] }
  return evaluate(player, unquote(annotation), frame, { isAnnotation: true })
}

/** A forward reference `"Item"` becomes the expression it holds. Its span stays the string's. */
export function unquote(annotation: Expr): Expr {
  if (annotation.kind !== "Constant" || annotation.type !== "str") return annotation
  return parseAnnotation(annotation.value as string, annotation) ?? annotation
}

const WRAPPERS = new Set([
  "typing.Annotated",
  "typing.Required",
  "typing.NotRequired",
  "typing.Final",
  "typing.ClassVar",
  "fastapi.params.Annotated",
])
const ONE_OF_MANY = new Set([
  "builtins.list",
  "builtins.set",
  "builtins.frozenset",
  "typing.List",
  "typing.Set",
  "typing.FrozenSet",
  "typing.Sequence",
  "typing.Iterable",
  "typing.Collection",
  "typing.Iterator",
  "typing.Generator",
  "typing.AsyncIterator",
  "typing.AsyncGenerator",
  "typing.AsyncIterable",
  "collections.deque",
])
const MAPPINGS = new Set([
  "builtins.dict",
  "typing.Dict",
  "typing.Mapping",
  "typing.MutableMapping",
  "collections.defaultdict",
  "collections.OrderedDict",
])

/** What a value annotated with this type is: an instance of a project class, `X()` of an external one, or unknown. */
export function instanceOf(player: Player, type: Value, depth = 0): Value {
  if (depth > 8) return unknown
  switch (type.is) {
    case "class":
      return player.prototype(type)
    case "external":
      return OPAQUE.has(type.name) ? unknown : external(`${type.name}()`)
    case "generic": {
      const of = type.of.is === "external" ? type.of.name : undefined
      const first = type.args[0]
      if (of === undefined) return instanceOf(player, type.of, depth + 1)
      if (WRAPPERS.has(of)) return first ? instanceOf(player, first, depth + 1) : unknown
      if (of === "typing.Optional") return first ? instanceOf(player, first, depth + 1) : unknown
      if (of === "typing.Union") return joinAll(type.args.filter((a) => !isNone(a)).map((a) => instanceOf(player, a, depth + 1)))
      if (ONE_OF_MANY.has(of))
        return sequence(of.toLowerCase().endsWith("set") ? "set" : "list", first ? [instanceOf(player, first, depth + 1)] : [], true)
      if (of === "builtins.tuple" || of === "typing.Tuple")
        return sequence(
          "tuple",
          type.args.map((a) => instanceOf(player, a, depth + 1)),
          true,
        )
      if (MAPPINGS.has(of))
        return {
          is: "mapping",
          entries: type.args.length === 2 ? [type.args.map((a) => instanceOf(player, a, depth + 1)) as Mapping["entries"][number]] : [],
          open: true,
        }
      if (of === "builtins.type" || of === "typing.Type") return first ?? unknown
      if (of === "typing.Literal") return joinAll(type.args)
      return external(`${of}()`)
    }
    case "either": {
      return joinAll(type.options.filter((option) => !isNone(option)).map((option) => instanceOf(player, option, depth + 1)))
    }
    default:
      return unknown
  }
}

/** Types that say nothing of the value. */
const OPAQUE = new Set(["typing.Any", "builtins.object", "typing.Self"])
