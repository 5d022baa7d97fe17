/** What the test of a branch reads: enough to tell `if settings.debug:` from other choices. */
import type { Within } from "./events.ts"
import type { Expr } from "./nodes.ts"
import type { Place } from "./values.ts"
import { walk } from "./walk.ts"

/** One way of a branch, taken when its test holds, or when it does not; what the test reads is found out when somebody asks. */
export const branchOf = (at: Place, test: Expr, holds: boolean): Extract<Within, { is: "branch" }> => new Branch(at, test, holds)

class Branch {
  readonly is = "branch"
  readonly at: Place
  readonly holds: boolean
  private readonly test: Expr
  private names: string[] | undefined

  constructor(at: Place, test: Expr, holds: boolean) {
    this.at = at
    this.test = test
    this.holds = holds
  }

  get reads(): readonly string[] {
    this.names ??= namesIn(this.test)
    return this.names
  }
}

/** Every name and attribute in an expression, in the order of the text. */
function namesIn(expression: Expr): string[] {
  const names: string[] = []
  for (const node of walk(expression)) {
    if (node.kind === "Name") names.push(node.id)
    else if (node.kind === "Attribute") names.push(node.attr)
  }
  return names
}
