import {
  type AsyncFunctionDef,
  blocks,
  type CallEvent,
  type FileNotes,
  type Fn,
  type FunctionDef,
  list,
  option,
  type PyFile,
  plural,
  quote,
  rule,
  type Stmt,
} from "#rule"

export default rule({
  summary: "An endpoint that does everything itself",
  why: `
An endpoint speaks HTTP: it takes what came, calls what does the work, and says what goes out. One that also queries, decides,
calls other services and builds the answer over a hundred lines can be tested by requests only, reused by nobody, and is
changed by everyone who changes any of it.
`,
  help: "Move what is not about HTTP into functions of their own, which take and return plain values",
  concern: "maintainability",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
  equivalents: ["PLR0915"],
  exemptions: [
    "generators, which stream",
    "long bodies that only build one answer: without branches, loops and calls of other services",
    "markup that is written as `with tag.div(): ...`",
    "few statements on many lines: fewer than three quarters of `max`",
  ],
  options: {
    max: option.number({ default: 40, says: "Most statements that an endpoint may have" }),
    maxLines: option.number({ default: 80, says: "Most lines that the body of an endpoint may have" }),
  },
  examples: [
    {
      bad: `
        # option: max = 5
        from fastapi import Depends, FastAPI, HTTPException
        from sqlalchemy.orm import Session

        app = FastAPI()

        def get_db() -> Session: ...

        @app.post("/orders/{order_id}/bill")
        def bill(order_id: int, db: Session = Depends(get_db)): # expect: \`bill\` does everything itself: 10 statements on 10 lines, with 2 branches, 1 loop and 2 queries
            order = db.get("Order", order_id)
            if order is None:
                raise HTTPException(404)
            total = 0
            for line in order.lines:
                total += line.price
            if total > 100:
                total *= 0.9
            db.commit()
            return {"total": total}
      `,
      good: `
        # option: max = 5
        from fastapi import Depends, FastAPI, HTTPException
        from sqlalchemy.orm import Session

        app = FastAPI()

        def get_db() -> Session: ...

        def total_of(order) -> float: ...

        @app.post("/orders/{order_id}/bill")
        def bill(order_id: int, db: Session = Depends(get_db)):
            order = db.get("Order", order_id)
            if order is None:
                raise HTTPException(404)
            return {"total": total_of(order)}
      `,
    },
  ],

  notes: (file, { max, maxLines }) => {
    const found: Record<number, Shape> = {}
    for (const node of /\bfastapi\b|router/i.test(file.text) ? file.all("FunctionDef", "AsyncFunctionDef") : []) {
      // A formatter makes many lines of few statements.
      const shape = shapeOf(file, node, max * 0.75)
      if (shape && (shape.statements > max || shape.lines > maxLines)) found[node.name_span.start] = shape
    }
    return Object.keys(found).length > 0 ? found : undefined
  },

  *project(project, _, notes: FileNotes<Record<number, Shape>>[]) {
    const shapes = new Map(notes.map(({ path, notes: own }) => [path, own]))
    const endpoints = new Set(project.routes.flatMap(({ endpoint }) => endpoint ?? []))
    for (const fn of endpoints) {
      const shape = fn.role === "app" && !fn.generator ? shapes.get(fn.at.path)?.[fn.at.start] : undefined
      const mixed = shape && mix(fn, shape)
      if (!shape || !mixed || mixed.length < 2) continue
      yield {
        at: fn.at,
        message: `${quote(fn.name)} does everything itself: ${plural(shape.statements, "statement")} on ${plural(shape.lines, "line")}, with ${list(mixed)}`,
        routes: project.routes.filter(({ endpoint }) => endpoint === fn),
        scope: fn.id,
      }
    }
  },
})

interface Shape {
  lines: number
  statements: number
  branches: number
  loops: number
}

/** Of a function with fewer statements than `least` nobody counts the lines. */
function shapeOf(file: PyFile, fn: FunctionDef | AsyncFunctionDef, least: number): Shape | undefined {
  const shape: Shape = { lines: 0, statements: 0, branches: 0, loops: 0 }
  const markup: Stmt[] = []
  const count = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      if (isDocstring(statement)) continue
      if (isMarkup(statement)) {
        shape.statements++
        markup.push(statement)
        continue
      }
      shape.statements++
      if (statement.kind === "If" || statement.kind === "Match" || statement.kind === "Try") shape.branches++
      if (statement.kind === "For" || statement.kind === "AsyncFor" || statement.kind === "While") shape.loops++
      for (const block of blocks(statement)) count(block)
    }
  }
  count(fn.body)
  if (shape.statements < least) return undefined
  const lineOf = (at: number) => file.lines.position(at).line
  const body = fn.body.filter((statement) => !isDocstring(statement))
  if (body.length > 0) shape.lines = lineOf(body.at(-1)!.end) - lineOf(body[0]!.start) + 1
  for (const statement of markup) shape.lines -= lineOf(statement.end) - lineOf(statement.start)
  return shape
}

const isDocstring = (statement: Stmt): boolean => statement.kind === "Expr" && statement.value.kind === "Constant"

/** `with tag.div(): ...`: a page in the words of Python, as long as pages are. */
const isMarkup = (statement: Stmt): boolean =>
  statement.kind === "With" &&
  statement.items.every(
    ({ context_expr: { kind, ...call } }) =>
      kind === "Call" &&
      "func" in call &&
      call.func.kind === "Attribute" &&
      call.func.value.kind === "Name" &&
      /^(tags?|html|ui|dom|doc|markup)$/.test(call.func.value.id),
  )

/** The kinds of work that it does, in words. */
function mix(fn: Fn, { branches, loops }: Shape): string[] {
  const calls = fn.events.filter((event): event is CallEvent => event.is === "call")
  const queries = calls.filter(({ name = "" }) => QUERIES.test(name)).length
  const remote = calls.filter(({ name = "" }) => REMOTE.test(name)).length
  return [
    ...(branches > 1 ? [plural(branches, "branch", "branches")] : []),
    ...(loops > 0 ? [plural(loops, "loop")] : []),
    ...(queries > 0 ? [plural(queries, "query")] : []),
    ...(remote > 0 ? [plural(remote, "call of other services", "calls of other services")] : []),
  ]
}

const QUERIES = /Session\(\)\.(execute|scalars?|exec|query|get|add|delete|commit|flush|refresh|merge)$|^pymongo\.collection\.|^asyncpg\./
const REMOTE = /^(httpx|requests|aiohttp|boto3|openai|stripe|smtplib)\b.*\.\w+$/
