import { dotted, type Fn, functionAround, type Node, type PyFile, quote, routeNames, rule, type Span, type Stmt } from "#rule"

export default rule({
  summary: "Clean-up that an exception skips",
  why: `
When an endpoint raises, even a 404 on purpose, FastAPI throws that exception into its \`yield\` dependencies at the
\`yield\`. What stands behind it without \`try … finally\` is skipped: the session is not closed, the lock not released, and
after enough such requests the pool is empty.
`,
  help: "Put the `yield` in a `try` and the clean-up in its `finally`, or use `with`",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/#a-dependency-with-yield-and-try",
  equivalents: ["FASTT050"],
  exemptions: [
    "what is meant for success only, such as a commit, and what only logs or measures",
    "a `yield` inside `with`, or inside a `try` that has a `finally`",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import Session, sessionmaker

        SessionLocal = sessionmaker()

        def get_db():
            db = SessionLocal()
            yield db
            db.close() # expect: \`get_db\` skips \`db.close()\` when \`GET /items\` raises

        app = FastAPI()

        @app.get("/items")
        def list_items(db: Session = Depends(get_db)): ...
      `,
      good: `
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import Session, sessionmaker

        SessionLocal = sessionmaker()

        def get_db():
            db = SessionLocal()
            try:
                yield db
            finally:
                db.close()

        app = FastAPI()

        @app.get("/items")
        def list_items(db: Session = Depends(get_db)): ...
      `,
    },
  ],

  notes(file) {
    const skipped = [...skippedCalls(file)]
    return skipped.length > 0 ? skipped : undefined
  },

  *project(project, _options, notes: { path: string; notes: Skipped[] }[]) {
    if (notes.length === 0) return
    const asked = new Map<string, Fn>()
    for (const route of project.routes)
      for (const { call } of route.dependencies) if (call?.generator) asked.set(`${call.path}:${call.at.start}`, call)
    for (const { path, notes: all } of notes) {
      for (const { def, call, start, end } of all) {
        const fn = asked.get(`${path}:${def}`)
        if (!fn) continue
        const routes = project.reach.routesTo(fn)
        yield {
          at: { path, start, end },
          message: `${quote(fn.name)} skips ${quote(call)} when ${routeNames(routes) ?? "its endpoint"} ${routes.length > 1 ? "raise" : "raises"}`,
          routes,
          scope: fn.id,
          discriminator: call,
        }
      }
    }
  },
})

/** Clean-up behind a `yield` that only runs when all went well. */
interface Skipped extends Span {
  /** Where the name of its function begins. */
  def: number
  call: string
}

const CLEANING =
  /\.(a?close|close_all|remove|release|disconnect|shutdown|stop|clean_?up|dispose|unlink|rollback|quit|putconn|terminate|cancel|logout|__a?exit__)$/

function* skippedCalls(file: PyFile): Generator<Skipped> {
  for (const node of file.all("Yield")) {
    const def = functionAround(node, file)
    if (!def) continue
    for (const statement of after(node, file)) {
      const value = statement.kind === "Expr" ? (statement.value.kind === "Await" ? statement.value.value : statement.value) : undefined
      if (value?.kind !== "Call" || !CLEANING.test(file.source(value.func))) continue
      yield { def: def.name_span.start, call: `${dotted(value.func) ?? "it"}()`, start: statement.start, end: statement.end }
      break
    }
  }
}

/** What follows a `yield` outside of any `with` and `finally`. */
function after(node: Node, file: PyFile): Stmt[] {
  const tail: Stmt[] = []
  let inner: Node = node
  for (const outer of file.around(node)) {
    if (outer.kind === "With" || outer.kind === "AsyncWith" || outer.kind === "For" || outer.kind === "While") return []
    if (outer.kind === "Try") {
      if (outer.finalbody.length > 0 || outer.handlers.length > 0) return []
      tail.push(...follow(outer.body, inner))
    } else if (outer.kind === "FunctionDef" || outer.kind === "AsyncFunctionDef") return [...tail, ...follow(outer.body, inner)]
    else if (outer.kind === "If") tail.push(...follow(outer.body, inner), ...follow(outer.orelse, inner))
    inner = outer
  }
  return []
}

function follow(block: readonly Stmt[], inner: Node): Stmt[] {
  const at = block.indexOf(inner as Stmt)
  return at < 0 ? [] : block.slice(at + 1)
}
