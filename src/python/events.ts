/** What a function's own body does, as the player saw it: calls, raises, returns, yields, each with what surrounds it. */
import type { FunctionValue, Place, Value } from "./values.ts"

export type BodyEvent = BodyCall | RaiseEvent | ReturnEvent | YieldEvent

interface InBody {
  at: Place
  /** What surrounds it in the body, outermost first. */
  within: readonly Within[]
}

export interface BodyCall extends InBody {
  is: "call"
  callee: Value
  /** The project function that is entered; for a class its `__init__`, for an instance its `__call__`. */
  target: FunctionValue | undefined
  positional: Value[]
  keywords: Map<string, Value>
  /** True when `*args` or `**kwargs` of unknown content are passed too. */
  open: boolean
  /** The callee expression: `requests.get` of `requests.get(url)`. */
  func: Place
  awaited: boolean
  /** Its value is thrown away: the call is a statement of its own. */
  dropped: boolean
  /** Its value is what a `with` enters or a `for` walks over: only then does the body of a generator run here. */
  entered: "with" | "for" | "async with" | "async for" | undefined
  /** The call's own result, as far as it is known. */
  result: Value
}

export interface RaiseEvent extends InBody {
  is: "raise"
  /** `undefined` for a bare `raise`. */
  value?: Value
  /** `raise ... from` something. */
  cause?: Value
}

export interface ReturnEvent extends InBody {
  is: "return"
  value: Value
}

export interface YieldEvent extends InBody {
  is: "yield"
  value: Value
}

/** `left op right`, heard only while a request is played: what a value was compared with before it is used. */
export interface Comparison extends InBody {
  is: "compare"
  /** The operator, by the name of its class in `ast`. */
  op: string
  left: Value
  right: Value
}

export type Within =
  | { is: "loop"; at: Place; over?: Value; async: boolean }
  /** One way of an `if`, a `match` or a conditional expression; `at` and `reads` (names and attributes) are its test's, `holds` is what the test is there. */
  | { is: "branch"; at: Place; readonly reads?: readonly string[]; holds?: boolean }
  /** The body of a `try`, with the handlers that guard it. */
  | { is: "try"; at: Place; handlers: Handler[] }
  | { is: "handler"; at: Place; handler: Handler }
  | { is: "finally"; at: Place }
  | { is: "with"; at: Place; items: Value[]; async: boolean }
  /** A lambda or generator expression: a definition, which does not run where it stands. */
  | { is: "nested"; at: Place; what: "lambda" | "generator" }

export interface Handler {
  /** The caught exceptions; empty for a bare `except:`. */
  types: Value[]
  name?: string
  at: Place
  /** `except ... as name`, without the body. */
  head: Place
  /** Ends in a bare `raise` or `raise name` on every way, on some, or nowhere. */
  reraises: "always" | "sometimes" | "never"
}

/** What playing a body once, with parameters known by their annotations only, says of a function. */
export interface Summary {
  events: BodyEvent[]
  /** Joined over all `return` statements; `None` when there is none. */
  returns: Value
  /** Joined over all `yield` expressions. */
  yields?: Value
}
