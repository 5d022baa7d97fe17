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
import type { Blocks, Callee, Event, Fn, Role } from "./project.ts"

const NO_CALLEE: Callee = {}

/** One `Fn` per definition and closure, made when first asked for. */
export class Functions {
  /** By id, for the functions that stand in a module or class body. */
  readonly byId = new Map<string, Fn>()
  private readonly alone = new Map<Fn | string, readonly Callee[]>()
  private readonly made = new WeakMap<Scope, Map<FunctionValue["def"], Fn>>()
  private readonly player: Player
  private readonly roles: (path: string) => Role

  constructor(player: Player, roles: (path: string) => Role) {
    this.player = player
    this.roles = roles
  }

  of(value: FunctionValue): Fn {
    let made = this.made.get(value.scope)
    if (!made) {
      made = new Map()
      this.made.set(value.scope, made)
    }
    const seen = made.get(value.def)
    if (seen) return seen
    const fn = this.make(value)
    made.set(value.def, fn)
    if (!this.byId.has(fn.id)) this.byId.set(fn.id, fn)
    return fn
  }

  /** The events of a body when it is given these arguments. */
  replay(fn: Fn, given: Arguments): Event[] {
    return this.heard(this.player.replay(fn.value, given).events)
  }

  private make(value: FunctionValue): Fn {
    return new PlayedFunction(this.player, value, this.roles(value.module), this)
  }

  /** What a body does, when it is played with nothing known of its arguments. */
  eventsOf(value: FunctionValue): Event[] {
    return this.heard(this.player.summary(value).events)
  }

  /** The events themselves, which the player has no further use for: a second copy of every call would double what a project takes. */
  private heard(events: BodyEvent[]): Event[] {
    for (const event of events) if (event.is === "call") this.understand(event)
    return events as Event[]
  }

  private understand(event: BodyCall): void {
    const of = options(event.callee)
    const callees = of.map((callee) => this.callee(callee, of.length === 1 ? event.target : targetOf(this.player, callee), event))
    const { name, fn, blocks } = (callees.length === 1 && callees[0]) || NO_CALLEE
    // All four are set on every call, because calls of many shapes are slow to read.
    Object.assign(event, { name, fn, blocks, callees: this.shared(callees) })
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
    // Not spread together: this is done for every call of the project.
    const known: Callee = {}
    if (name !== undefined) known.name = name
    if (target) known.fn = this.of(target)
    if (blocks) known.blocks = blocks
    return known
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
