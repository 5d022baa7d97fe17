import { setFlagsFromString } from "node:v8"

/**
 * Lets V8 wait longer before it optimises a function, and inline less when it does. A run is much code that is run a
 * little: with V8's own patience a third of the time of a run over 80,000 lines went into optimising code for a future
 * that did not come. On a project ten times as large the longer wait still pays.
 */
export function unhurried(): void {
  setFlagsFromString("--interrupt-budget=1000000")
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=300")
}
