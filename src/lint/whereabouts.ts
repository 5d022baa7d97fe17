/** Where in a program a place is: the name that a reader would give it, which no edit above it changes. */
import type { Module, Stmt } from "#python"

/** The qualified name of the innermost function or class around an offset, decorators included; "" at module level. */
export function enclosingName(module: Module, offset: number): string {
  const names: string[] = []
  let inner: Stmt[] | undefined = module.body
  while (inner) {
    const around: Stmt | undefined = inner.find((stmt) => firstOffset(stmt) <= offset && offset < stmt.end)
    if (around && "name_span" in around) names.push(around.name)
    inner = around && blocksOf(around).find((block) => block.length > 0 && firstOffset(block[0]!) <= offset && offset < block.at(-1)!.end)
  }
  return names.join(".")
}

/** Where a statement begins for a reader: at its first decorator, where it has one. */
export function firstOffset(stmt: Stmt): number {
  const decorator = "decorator_list" in stmt ? stmt.decorator_list[0] : undefined
  return decorator ? Math.min(decorator.start - 1, stmt.start) : stmt.start
}

/** The blocks of statements within a statement, in the order of the text. */
export function blocksOf(stmt: Stmt): Stmt[][] {
  switch (stmt.kind) {
    case "FunctionDef":
    case "AsyncFunctionDef":
    case "ClassDef":
    case "With":
    case "AsyncWith":
      return [stmt.body]
    case "For":
    case "AsyncFor":
    case "While":
    case "If":
      return [stmt.body, stmt.orelse]
    case "Try":
    case "TryStar":
      return [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.orelse, stmt.finalbody]
    case "Match":
      return stmt.cases.map((one) => one.body)
    default:
      return []
  }
}
