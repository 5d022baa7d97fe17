import { blocks, type Node, type PyFile, type Stmt } from "#python"

type Loop = Node & { kind: "For" | "AsyncFor" | "While" }

const isLoop = (node: Node): node is Loop => node.kind === "For" || node.kind === "AsyncFor" || node.kind === "While"

/**
 * Does the loop end once this was reached: by a `return`, a `raise` or a `break` that nothing leads around? Then it is done
 * once, however many turns there are: `if row.id == wanted: ...; break`.
 */
export function isLastTurn(node: Node, loop: Node, file: PyFile): boolean {
  let inner = node
  for (const outer of file.around(node)) {
    const block = blocksOf(outer).find((statements) => statements.includes(inner as Stmt))
    if (block && ends(block.slice(block.indexOf(inner as Stmt)), loopOf(outer, file) !== loop, file)) return true
    if (outer === loop) return false
    inner = outer
  }
  return false
}

/** The loop that a `break` in a block of this node ends. */
const loopOf = (node: Node, file: PyFile): Node | undefined => (isLoop(node) ? node : [...file.around(node)].find(isLoop))

/** The lists of statements in a node; of a loop only what is run for every turn, and not its `else`. */
const blocksOf = (node: Node): Stmt[][] =>
  isLoop(node) || node.kind === "ExceptHandler" || node.kind === "match_case" ? [node.body] : blocks(node as Stmt)

function ends([own, ...after]: Stmt[], isBreakOfAnother: boolean, file: PyFile): boolean {
  if (own?.kind === "Return" || own?.kind === "Raise") return true
  for (const statement of after) {
    if (statement.kind === "Return" || statement.kind === "Raise") return true
    if (statement.kind === "Break") return !isBreakOfAnother
    for (const one of file.walk(statement, { nested: false })) if (one.kind === "Continue") return false
  }
  return false
}
