/** A function of the project, and what its body does. Part of the model in `project.ts`. */
import type { Blocking } from "#knowledge"
import type { BodyCall, ClassValue, FunctionValue, Place, RaiseEvent, ReturnEvent, Role, Value, YieldEvent } from "#python"

export interface Fn {
  /** `app.api.users:read_user`, `app.services:UserService.create`. */
  id: string
  module: string
  path: string
  name: string
  qualname: string
  async: boolean
  /** Has `yield` of its own. */
  generator: boolean
  /** The name in the `def` line. */
  at: Place
  /** First decorator to the end of the signature. */
  header: Place
  parameters: Parameter[]
  /** The return annotation. */
  returns?: { at: Place; value: Value }
  docstring: boolean
  /** What decorates it and stays (not played), by qualified name where known. */
  decorators: { name?: string; at: Place }[]
  owner?: ClassValue
  value: FunctionValue
  role: Role
  /** What its own body does, each thing once, in the order of the text. Played on first use, with parameters known by their annotations only. */
  readonly events: Event[]
}

export interface Parameter {
  name: string
  kind: "positional-only" | "positional" | "keyword-only" | "*args" | "**kwargs"
  annotation?: { at: Place; value: Value }
  default?: { at: Place; value: Value }
  at: Place
}

export type Event = CallEvent | RaiseEvent | ReturnEvent | YieldEvent

/** A call, with its callee by name or as one of the project's functions. */
export interface CallEvent extends BodyCall, Callee {
  /** All that may be called here, one by one, where it may be several things; an empty one is unknown. Else just the callee. */
  callees: readonly Callee[]
}

export interface Callee {
  /** Qualified name of an external callee (`time.sleep`, `httpx.Client().get`). */
  name?: string
  /** The project function that is entered (for a class: its `__init__`). */
  fn?: Fn
  /** What the call makes its thread wait for; unset when it is awaited, entered or walked over asynchronously, or given an argument that makes it return at once. */
  blocks?: Blocks
}

/** What is known of a blocking call, and what it is called when its chain is brought down to a class: `sqlalchemy.orm.Query().all`. */
export interface Blocks extends Blocking {
  name: string
}
