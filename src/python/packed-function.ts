/** A function whose body stays in bytes until it is read. */
import type { AsyncFunctionDef, FunctionDef, Stmt } from "./nodes.ts"

/** Unpacks a body: its statements, and whether functions, classes or lambdas are among them. */
export type PackedBody = () => { statements: Stmt[]; holdsDefinitions: boolean }

/** How many bodies stay unpacked after they were read. A call enters its callee, and a rule comes back to what it saw: both soon. */
const MOST_OPEN = 200

/** The bodies that were unpacked last, in a ring: the oldest is packed again when another needs its place. */
const open: (PackedFunction | undefined)[] = []
let oldest = 0

/**
 * A definition as `ast` has it, but for its body, which is put together when it is asked for and forgotten after many
 * others were. It stays where it holds definitions: what the player knows of a function or class hangs on its node.
 */
export class PackedFunction {
  readonly kind: "FunctionDef" | "AsyncFunctionDef"
  start = 0
  end = 0
  name = ""
  name_span!: FunctionDef["name_span"]
  args!: FunctionDef["args"]
  decorator_list!: FunctionDef["decorator_list"]
  returns!: FunctionDef["returns"]
  type_params!: FunctionDef["type_params"]
  // Not fields like the others: who walks all that a node holds finds the body, and not what it is kept as.
  #packed!: PackedBody
  #statements: Stmt[] | undefined

  constructor(kind: PackedFunction["kind"]) {
    this.kind = kind
  }

  get body(): Stmt[] {
    if (!this.#statements) {
      const { statements, holdsDefinitions } = this.#packed()
      this.#statements = statements
      if (!holdsDefinitions) this.takePlace()
    }
    return this.#statements
  }

  /** Told by whoever unpacks the definition. */
  keep(packed: PackedBody): void {
    this.#packed = packed
  }

  /** The node as plain data. */
  toJSON(): FunctionDef | AsyncFunctionDef {
    const { kind, start, end, name, name_span, args, body, decorator_list, returns, type_params } = this
    return { kind, start, end, name, name_span, args, body, decorator_list, returns, type_params }
  }

  private takePlace(): void {
    const before = open[oldest]
    if (before) before.#statements = undefined
    open[oldest] = this
    oldest = (oldest + 1) % MOST_OPEN
  }
}

// Methods and getters of a class are passed over by `for (const field in node)`; the body is a field of a definition like any other.
Object.defineProperty(PackedFunction.prototype, "body", { enumerable: true })
