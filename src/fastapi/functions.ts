/** Functions as rules see them: a definition, its signature, and what its body does, played on first use. */
import { blocking, settle } from "#knowledge"
import {
  type Arguments,
  type BodyCall,
  type BodyEvent,
  type FunctionValue,
  knownBoolean,
  options,
  type Player,
  type Scope,
  targetOf,
  type Value,
} from "#python"
import { PlayedFunction } from "./played-function.ts"
import type { Blocks, CallEvent, Callee, Event, Fn, Role } from "./project.ts"

const NO_CALLEE: Callee = {}

/** One `Fn` per definition and closure, made when first asked for. */
export class Functions {
  /** By id, for the functions that stand in a module or class body. */
  readonly byId = new Map<string, Fn>()
  private readonly alone = new Map<Fn | string, readonly Callee[]>()
  private readonly made = new WeakMap<object, WeakMap<Scope, Fn>>()
  private readonly player: Player
  private readonly roles: (path: string) => Role

  constructor(player: Player, roles: (path: string) => Role) {
    this.player = player
    this.roles = roles
  }

  of(value: FunctionValue): Fn {
    const scopes = this.made.get(value.def) ?? new WeakMap<Scope, Fn>()
    this.made.set(value.def, scopes)
    const seen = scopes.get(value.scope)
    if (seen) return seen
    const fn = this.make(value)
    scopes.set(value.scope, fn)
    if (!this.byId.has(fn.id)) this.byId.set(fn.id, fn)
    return fn
  }

  /** The events of a body when it is given these arguments. */
  replay(fn: Fn, given: Arguments): Event[] {
    return this.player.replay(fn.value, given).events.map((event) => this.event(event))
  }

  private make(value: FunctionValue): Fn {
    const listen = () => this.player.summary(value).events.map((event) => this.event(event))
    return new PlayedFunction(this.player, value, this.roles(value.module), listen)
  }

  private event(event: BodyEvent): Event {
    if (event.is !== "call") return event
    const of = options(event.callee)
    const callees = of.map((callee) => this.callee(callee, of.length === 1 ? event.target : targetOf(this.player, callee), event))
    const { name, fn, blocks } = (callees.length === 1 && callees[0]) || NO_CALLEE
    // The player has no further use for what it heard: a second copy of every call would double what a project takes. And
    // all four are set on every call, because calls of many shapes are slow to read.
    return Object.assign(event, { name, fn, blocks, callees: this.shared(callees) }) as CallEvent
  }

  /** A project calls the same things a hundred thousand times: those of which only a name or a function is known are kept once. */
  private shared(callees: Callee[]): readonly Callee[] {
    const [{ name, fn, blocks } = NO_CALLEE, ...others] = callees
    const key = fn ?? name
    if (others.length > 0 || key === undefined || blocks || (fn && name !== undefined)) return callees
    const known = this.alone.get(key)
    if (known) return known
    this.alone.set(key, callees)
    return callees
  }

  private callee(callee: Value, target: FunctionValue | undefined, event: BodyCall): Callee {
    const name = callee.is === "external" ? callee.name : undefined
    // What Python itself brings is never asynchronous, though someone may take it for that.
    const isAsync = !name?.startsWith("builtins.") && (event.awaited || event.entered === "async with" || event.entered === "async for")
    const blocks = name !== undefined && !isAsync ? blockingCall(name, event) : undefined
    return { ...(name !== undefined && { name }), ...(target && { fn: this.of(target) }), ...(blocks && { blocks }) }
  }
}

/** What a call waits for, unless an argument says that it does not, or may say so. */
function blockingCall(called: string, { keywords, positional, open }: BodyCall): Blocks | undefined {
  const found = blocking(called)
  if (!found) return undefined
  const dot = called.lastIndexOf(".")
  const blocks = { ...found, name: settle(called.slice(0, dot)) + called.slice(dot) }
  if (!blocks.unless) return blocks
  if (open) return undefined
  const { keyword, position, is } = blocks.unless
  const given = keywords.get(keyword) ?? (position === undefined ? undefined : positional[position])
  return given === undefined || knownBoolean(given) === !is ? blocks : undefined
}
