import {
  type AsyncFunctionDef,
  type Expr,
  type FunctionDef,
  isResponseClass,
  options,
  type Place,
  type Project,
  type PyFile,
  quote,
  type Route,
  rule,
  type Span,
  type Stmt,
} from "#rule"

export default rule({
  summary: "Headers, cookies or a status set on a response that is not sent",
  why: `
What is set on a \`response: Response\` parameter is added to the answer that FastAPI makes of a returned value. An endpoint that
returns a response of its own sends that one as it is, and the cookie or status set before is lost.
`,
  help: "Set it on the response that is returned",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/response-cookies/",
  equivalents: [],
  exemptions: ["the parameter is read, returned or handed on somewhere in the function", "what is returned may be no response"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, Response
        from fastapi.responses import JSONResponse

        app = FastAPI()

        @app.post("/login")
        def login(response: Response):
            response.set_cookie("session", "...") # expect: The cookie set on \`response\` is lost
            return JSONResponse({"ok": True})
      `,
      good: `
        from fastapi import FastAPI
        from fastapi.responses import JSONResponse

        app = FastAPI()

        @app.post("/login")
        def login():
            answer = JSONResponse({"ok": True})
            answer.set_cookie("session", "...")
            return answer
      `,
    },
  ],

  notes(file) {
    if (!/\bResponse\b/.test(file.text)) return undefined
    const lost = file.all("FunctionDef", "AsyncFunctionDef").flatMap((node) => setAndLeft(node, file))
    return lost.length > 0 ? lost : undefined
  },

  *project(project, _options, notes: { path: string; notes: Pair[] }[]) {
    const pairs = new Map<string, Pair[]>()
    for (const { path, notes: all } of notes)
      for (const pair of all) pairs.set(`${path}:${pair.fn}`, [...(pairs.get(`${path}:${pair.fn}`) ?? []), pair])
    const told = new Set<string>()
    for (const route of project.routes) {
      const { endpoint } = route
      if (endpoint?.role !== "app" || route.kind !== "api") continue
      for (const pair of pairs.get(`${endpoint.path}:${endpoint.at.start}`) ?? []) {
        const at = { path: endpoint.path, ...pair.set }
        const answer = told.has(`${at.path}:${at.start}`) ? undefined : answerOf(project, route, pair)
        if (!answer) continue
        told.add(`${at.path}:${at.start}`)
        yield {
          at,
          message: `The ${pair.what} set on ${quote(pair.param)} is lost: ${quote(endpoint.name)} returns another response`,
          related: [{ at: answer, message: "this one is sent as it is" }],
          routes: [route],
          scope: endpoint.id,
          discriminator: pair.what,
        }
      }
    }
  },
})

/** The return that sends another response, if it certainly does, and if the parameter is FastAPI's. */
function answerOf(project: Project, { endpoint, params }: Route, { param, returned }: Pair): Place | undefined {
  const declared = params.find(({ name, declaredBy }) => name === param && declaredBy === endpoint)
  if (declared?.in !== "special" || isResponseClass(project, declared.type.value) !== true) return undefined
  const event = endpoint?.events.find((one) => one.is === "return" && one.at.start === returned.start)
  if (event?.is !== "return") return undefined
  return options(event.value).every((value) => project.isResponse(value) === true) ? event.at : undefined
}

// ---------------------------------------------------------------------------- one file

/** Something set on a parameter, and a return that always comes after it. */
interface Pair {
  /** Where the name of the function begins. */
  fn: number
  param: string
  what: "cookie" | "header" | "status"
  set: Span
  returned: Span
}

type Def = FunctionDef | AsyncFunctionDef

const SETTERS: Record<string, Pair["what"]> = { set_cookie: "cookie", delete_cookie: "cookie" }

function setAndLeft(def: Def, file: PyFile): Pair[] {
  const params = [...def.args.posonlyargs, ...def.args.args, ...def.args.kwonlyargs]
  return params.flatMap(({ arg, annotation }) => {
    if (!annotation || !/\bResponse\b/.test(file.source(annotation))) return []
    const all = [...placed(def.body, [])]
    const sets = all.flatMap((one) => setOn(arg, one.statement, file).map((what) => ({ ...one, what })))
    const mentions = [...file.walk(def)].filter((node) => node.kind === "Name" && node.id === arg).length
    // Any other mention may be what carries it over to the answer.
    if (sets.length === 0 || mentions !== sets.length) return []
    const returns = all.filter(({ statement }) => statement.kind === "Return")
    return sets.flatMap(({ statement, ways, what }) => {
      const left = returns.find((one) => one.statement.start > statement.end && ways.every((way, i) => one.ways[i] === way))
      return left ? [{ fn: def.name_span.start, param: arg, what, set: spanOf(statement), returned: spanOf(left.statement) }] : []
    })
  })
}

const spanOf = ({ start, end }: Span): Span => ({ start, end })

/** What a statement sets on a name: `x.status_code = ...`, `x.headers[...] = ...`, `x.set_cookie(...)`. */
function setOn(name: string, statement: Stmt, file: PyFile): Pair["what"][] {
  const isParam = (expr: Expr): boolean => expr.kind === "Name" && expr.id === name
  const isHeaders = (expr: Expr): boolean => expr.kind === "Attribute" && expr.attr === "headers" && isParam(expr.value)
  if (statement.kind === "Assign" && statement.targets.length === 1) {
    const [target] = statement.targets
    if (target?.kind === "Attribute" && target.attr === "status_code" && isParam(target.value)) return ["status"]
    return target?.kind === "Subscript" && isHeaders(target.value) ? ["header"] : []
  }
  if (statement.kind !== "Expr" || statement.value.kind !== "Call" || statement.value.func.kind !== "Attribute") return []
  const { func } = statement.value
  const isOnce = [...file.walk(statement)].filter((node) => node.kind === "Name" && node.id === name).length === 1
  if (!isOnce) return []
  if (isParam(func.value)) return SETTERS[func.attr] ? [SETTERS[func.attr] as Pair["what"]] : []
  return isHeaders(func.value) && /^(append|update|setdefault)$/.test(func.attr) ? ["header"] : []
}

/** The statements of a body, each with the ways that were taken to it: which arm of which statement. */
function* placed(body: readonly Stmt[], ways: string[]): Generator<{ statement: Stmt; ways: string[] }> {
  for (const statement of body) {
    yield { statement, ways }
    const way = (arm: string) => [...ways, `${statement.start}:${arm}`]
    switch (statement.kind) {
      case "If":
      case "For":
      case "AsyncFor":
      case "While":
        yield* placed(statement.body, way("body"))
        yield* placed(statement.orelse, way("else"))
        break
      case "With":
      case "AsyncWith":
        yield* placed(statement.body, ways)
        break
      case "Try":
      case "TryStar":
        yield* placed(statement.body, way("body"))
        for (const handler of statement.handlers) yield* placed(handler.body, way(`${handler.start}`))
        yield* placed(statement.orelse, way("body"))
        yield* placed(statement.finalbody, ways)
        break
      case "Match":
        for (const one of statement.cases) yield* placed(one.body, way(`${one.start}`))
        break
    }
  }
}
