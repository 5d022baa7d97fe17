import type { Module, SyntaxProblem } from "./nodes.ts"
import type { Said } from "./worth.ts"

/**
 * What one module says, in plain JSON, with no other module's data in it: the unit of caching. The tree bears
 * the names of `ast` and is trimmed by `distil` of what neither the player nor a project rule reads.
 */
export interface ModuleFacts {
  path: string
  tree: Module
  problems: SyntaxProblem[]
  /** Every identifier that stands in the file (names, attributes, keywords, imported names): a cheap "does it mention ...?" */
  mentions: string[]
  /** What its functions mention, for the question which of them are worth playing at import time. */
  says: Said[]
}
