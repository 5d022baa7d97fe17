/** A definition as rules see it. */
import { annotationValue, type FunctionValue, type Player, parametersOf, type Value } from "#python"
import type { Event, Fn, Parameter, Role } from "./project.ts"

type Annotation = NonNullable<Extract<FunctionValue["def"], { kind: "FunctionDef" }>["returns"]>

/** Who plays a body when its events are first asked for. */
interface Bodies {
  eventsOf(value: FunctionValue): Event[]
}

/**
 * A class, though an object with getters would do: every rule reads every function, and objects with getters of their
 * own are each of a shape of their own to the machine.
 */
export class PlayedFunction implements Fn {
  readonly id: string
  readonly module: string
  readonly path: string
  readonly name: string
  readonly qualname: string
  readonly async: boolean
  readonly at: Fn["at"]
  declare readonly returns?: { at: Fn["at"]; value: Value }
  readonly decorators: Fn["decorators"]
  declare readonly owner?: NonNullable<Fn["owner"]>
  readonly value: FunctionValue
  readonly role: Role
  private readonly player: Player
  private readonly bodies: Bodies
  private heard: Event[] | undefined
  private taken: Parameter[] | undefined
  private yields: boolean | undefined

  constructor(player: Player, value: FunctionValue, role: Role, bodies: Bodies) {
    const { def } = value
    const path = value.module
    const isLambda = def.kind === "Lambda"
    this.player = player
    this.bodies = bodies
    this.module = player.modules.nameOf(path)
    this.id = `${this.module}:${value.qualname}`
    this.path = path
    this.name = isLambda ? "<lambda>" : def.name
    this.qualname = value.qualname
    this.async = def.kind === "AsyncFunctionDef"
    this.at = player.place(path, isLambda ? def : def.name_span)
    if (!isLambda && def.returns) this.returns = new PlayedAnnotation(player, def.returns, value)
    this.decorators = value.decorators.map((decorator) => {
      const name = nameOf(decorator, player)
      return { ...(name && { name }), at: player.place(path, firstOf(def)) }
    })
    if (value.owner) this.owner = value.owner
    this.value = value
    this.role = role
  }

  get header(): Fn["header"] {
    const { def } = this.value
    const first = firstOf(def)
    const end = def.kind === "Lambda" ? def.end : (def.returns?.end ?? (def.args.end > def.args.start ? def.args.end : def.name_span.end))
    return { path: this.path, start: Math.max(0, first.start - (first === def ? 0 : 1)), end }
  }

  get parameters(): Parameter[] {
    const { player, path, value } = this
    this.taken ??= [...parametersOf(value)].map(({ arg, kind }): Parameter => {
      const given = value.defaults.get(arg.arg)
      return {
        name: arg.arg,
        kind,
        at: player.place(path, arg),
        ...(arg.annotation && { annotation: new PlayedAnnotation(player, arg.annotation, value) }),
        ...(given && { default: { at: player.place(path, arg), value: given } }),
      }
    })
    return this.taken
  }

  get docstring(): boolean {
    const { def } = this.value
    const first = def.kind === "Lambda" ? undefined : def.body[0]
    return first?.kind === "Expr" && first.value.kind === "Constant" && first.value.type === "str"
  }

  get generator(): boolean {
    if (this.heard === undefined) return this.player.summary(this.value).yields !== undefined
    this.yields ??= this.player.summary(this.value).yields !== undefined
    return this.yields
  }

  get events(): Event[] {
    this.heard ??= this.bodies.eventsOf(this.value)
    return this.heard
  }
}

/** Where a definition begins: its first decorator, or itself. */
const firstOf = (def: FunctionValue["def"]) => (def.kind === "Lambda" ? def : (def.decorator_list[0] ?? def))

/** The value of an annotation is played when a rule asks for it. */
class PlayedAnnotation {
  readonly at: Fn["at"]
  private readonly player: Player
  private readonly expression: Annotation
  private readonly fn: FunctionValue
  private known: Value | undefined

  constructor(player: Player, expression: Annotation, fn: FunctionValue) {
    this.player = player
    this.expression = expression
    this.fn = fn
    this.at = player.place(fn.module, expression)
  }

  get value(): Value {
    this.known ??= annotationValue(this.player, this.expression, this.fn.module, this.fn.scope)
    return this.known
  }
}

/** How a decorator is called in messages and knowledge: its qualified name, without the call's parentheses. */
function nameOf(value: Value, player: Player): string | undefined {
  if (value.is === "external") return value.name.replace(/\(\)$/, "")
  if (value.is === "function") return `${player.modules.nameOf(value.module)}:${value.qualname}`
  if (value.is === "instance") return `${player.modules.nameOf(value.of.module)}:${value.of.qualname}`
  return undefined
}
