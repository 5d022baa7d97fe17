import {
  type App,
  type CallEvent,
  executionOf,
  type Finding,
  type Fn,
  guardOf,
  isChanging,
  list,
  openRouteNotes,
  option,
  type Place,
  type Project,
  plural,
  publicWord,
  quote,
  type Route,
  routeName,
  rule,
  shortName,
} from "#rule"

export default rule({
  summary: "A route that changes data and asks nobody who is calling",
  why: `
A route without a check of the caller is open to everyone who finds it, and OpenAPI lists it. In a project that protects
its other routes, one that is open was forgotten more often than meant: a \`Depends\` that was left out fails no test.
`,
  help: "Add the dependency that its neighbours have, or name the route in `auth.public` of the configuration",
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/security/get-current-user/",
  equivalents: [],
  cwe: ["CWE-306"],
  exemptions: [
    "routes that are public by their name: logging in, signing up, resetting a password, webhooks, health",
    "routes of which not all is known: a dependency, a middleware or a decorator that may ask who is calling",
    "routes that only compute an answer",
    "routes that are added under a condition that is not known, or that speaks of debugging, tests or an environment",
    "in an application that protects few routes or none: up to three open routes are told as one finding for the application (it may be a demonstration), and beyond fifty there is one finding a file (see `every-route`); where more are open, those that run code or a program are told one by one, unless a setting decides whether they do",
  ],
  options: {
    "every-route": option.flag({
      default: false,
      says: "Report each open route of an application that protects few of its routes or none",
    }),
  },
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer
        from sqlalchemy.orm import Session

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_db() -> Session:
            raise NotImplementedError

        def get_user(token: str = Depends(scheme)):
            if token != "expected":
                raise HTTPException(401)
            return token

        @app.post("/orders")
        def create_order(db: Session = Depends(get_db), user=Depends(get_user)):
            db.commit()

        @app.delete("/orders/{order_id}") # expect: \`DELETE /orders/{order_id}\` asks nobody who is calling, and the one other route of its router does
        def delete_order(order_id: int, db: Session = Depends(get_db)):
            db.delete(order_id)
            db.commit()
      `,
      good: `
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer
        from sqlalchemy.orm import Session

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_db() -> Session:
            raise NotImplementedError

        def get_user(token: str = Depends(scheme)):
            if token != "expected":
                raise HTTPException(401)
            return token

        @app.post("/signup")
        def sign_up(name: str, db: Session = Depends(get_db)):
            db.add(name)
            db.commit()

        @app.post("/orders")
        def create_order(db: Session = Depends(get_db), user=Depends(get_user)):
            db.commit()

        @app.delete("/orders/{order_id}")
        def delete_order(order_id: int, db: Session = Depends(get_db), user=Depends(get_user)):
            db.delete(order_id)
            db.commit()
      `,
    },
  ],

  *project(project, options) {
    const routes = changing(project)
    const isGuarded = (route: Route) => route.auth.answer === "yes"
    const guarded = routes.filter(isGuarded)
    // What another application serves behind its own guard: the open one makes a schema, or is for tests.
    const served = new Set(project.routes.filter(isGuarded).map(({ own }) => own))
    const open = routes.filter((route) => route.auth.answer === "no" && !served.has(route.own) && doesSomething(route))
    const mostAsk = guarded.length >= open.length
    for (const app of project.apps) {
      const own = open.filter((route) => route.app === app)
      const asking = guarded.filter((route) => route.app === app).length
      // What one application of a repository asks for says nothing about another: a demonstration beside the product.
      if (options["every-route"] || (mostAsk && asking > 0))
        for (const route of own) yield routeFinding(route, siblingsOf(project, route), asking / (asking + own.length))
      else yield* appFindings(app, [...own.filter(({ maybe }) => !maybe), ...sockets(project).filter((route) => route.app === app)], asking)
    }
  },
})

// ---------------------------------------------------------------------------- which routes

/** Every registration once, with the first path it is served under. */
function changing(project: Project): Route[] {
  const seen = new Set<Route["own"]>()
  return project.routes.filter((route) => {
    const { app, own, methods, path, kind, maybe, endpoint } = route
    if (!app || (maybe && !isForUse(route)) || seen.has(own) || kind === "websocket" || kind === "socket" || !methods.known || !path.known)
      return false
    if (!methods.value.some(isChanging) || project.role(route.at.path) !== "app") return false
    seen.add(own)
    return !isPublic(path.value, methods.value, endpoint)
  })
}

/** Is it added under a condition that is known, and that says nothing of developing or testing? */
const isForUse = ({ reads }: Route): boolean =>
  reads !== undefined && !reads.some((name) => /debug|dev|local|test|mock|demo|prod|env|stage|staging|mode\b/i.test(name))

/** Sockets that take orders: where no route asks who is calling, they do not either. */
const sockets = (project: Project): Route[] =>
  project.routes.filter(
    ({ kind, auth, maybe, at, endpoint, path }) =>
      kind === "websocket" &&
      auth.answer === "no" &&
      !maybe &&
      project.role(at.path) === "app" &&
      endpoint !== undefined &&
      deeds(endpoint) !== "nothing" &&
      publicWord(path.known ? path.value : "", endpoint.name) === undefined,
  )

/** Signing up is public, but not as an administrator; and reading a status is, but not writing it. */
function isPublic(path: string, methods: string[], endpoint: Fn | undefined): boolean {
  const word = publicWord(path, endpoint?.name)
  if (word === undefined) return isSignUp(path, methods)
  return !PROBES.has(word) && !(/regist|sign ?up|create/.test(word) && /super[-_ ]?(?:admin|user)/i.test(`${path} ${endpoint?.name}`))
}

/** Public words about what is read. */
const PROBES = new Set(["status", "version", "metrics", "docs", "redoc", "openapi json", "robots txt", "favicon ico", "well known", "jwks"])

/** `POST /users`: how most projects let people sign up. */
const isSignUp = (path: string, methods: string[]): boolean =>
  methods.every((method) => method === "POST") && /^(?:\/(?:api|rest|v\d+))*\/(?:users?|accounts?|customers?|members?)\/?$/.test(path)

/** Routes of the same router, this one left out. */
function siblingsOf(project: Project, route: Route): Route[] {
  const seen = new Set<Route["own"]>([route.own])
  return project.routes.filter(({ own }) => own.router === route.own.router && !seen.has(own) && seen.add(own))
}

// ---------------------------------------------------------------------------- what they do

/** Is something done that stays? Where what is called is not known, `POST` is believed, unless its name is that of a question. */
function doesSomething(route: Route): boolean {
  const { endpoint, methods } = route
  if (!endpoint) return false
  // To check code by running it is no question.
  if (executionOf(endpoint)?.runs === "code") return true
  const does = deeds(endpoint)
  if (does === "nothing") return false
  const isPost = methods.known && methods.value.every((method) => method === "POST" || !isChanging(method))
  return does === "writes" || !isPost || !isQuestion(route)
}

const QUESTION =
  /(?:^|[/_-])(?:search|query|filter|find|lookup|predict|calculate|compute|estimate|validate|check|preview|count|list|get|fetch|parse|convert|compare|similar|similarity|suggest|autocomplete|test|echo|ping|read|retrieve|analy[sz]e|translate|tokenize|embed(?:ding)?s?|classify|detect|score|rank|rerank|evaluate|export|download|graphql|render|diff)(?:$|[/_-])/i

const isQuestion = ({ path, endpoint }: Route): boolean =>
  QUESTION.test(path.known ? path.value.replace(/\{[^}]*\}/g, "") : "") || QUESTION.test(endpoint?.name ?? "")

type Deeds = "writes" | "unclear" | "nothing"

function deeds(endpoint: Fn): Deeds {
  let answer: Deeds = "nothing"
  const open = [{ fn: endpoint, depth: 0 }]
  const seen = new Set([endpoint])
  for (let next = open.pop(); next; next = open.pop()) {
    for (const event of next.fn.events) {
      if (event.is !== "call") continue
      if (writes(event)) return "writes"
      for (const { fn, name } of event.callees.length > 0 ? event.callees : [{ fn: undefined, name: undefined }]) {
        if (!fn) {
          if (name === undefined ? !builds(event) : !HARMLESS.test(name)) answer = "unclear"
        } else if (next.depth < 6 && !seen.has(fn)) {
          seen.add(fn)
          open.push({ fn, depth: next.depth + 1 })
        }
      }
    }
  }
  return answer
}

/** The class of a model or an exception, which only makes an object. */
const builds = (event: CallEvent): boolean => event.callee.is === "class"

const HARMLESS =
  /^(?:builtins\.(?!open|exec|eval)|logging|loguru|structlog|datetime|time|uuid|json|re|math|random|typing|collections|itertools|functools|copy|pydantic|fastapi\.(?!BackgroundTasks)|starlette\.(?:responses|requests|exceptions|datastructures)|string|decimal|enum|dataclasses|secrets|hashlib|base64|urllib\.parse|pathlib\.PurePath)/

const writes = (event: CallEvent): boolean =>
  event.callees.some(
    ({ name }) =>
      name !== undefined &&
      /\.(?:add|add_all|commit|delete|delete_one|delete_many|insert|insert_one|insert_many|update_one|update_many|replace_one|merge|bulk_\w+|executemany|save|create|write|write_text|write_bytes|unlink|rmtree|remove|rename|mkdir|makedirs|send|send_message|sendmail|publish|delay|apply_async|add_task|set|hset|setex|lpush|rpush|upload_\w+|put_object|copyfileobj)$/.test(
        name,
      ) &&
      !/^builtins\./.test(name),
  ) ||
  // Nobody empties a container of its own request: it is one that stays.
  event.callees.some(({ name }) => name !== undefined && /^(?:builtins|collections)\.\w+\(\)\.clear$/.test(name)) ||
  event.callees.some(({ name }) => name !== undefined && /^(?:subprocess\.|os\.(?:system|remove|unlink|rename|makedirs|mkdir))/.test(name))

// ---------------------------------------------------------------------------- findings

/** Where the route is written; for one that is only registered in another file (`router.post("/x")(function)`), its function. */
const standsAt = ({ at, endpoint }: Route): Place => (endpoint && endpoint.path !== at.path ? endpoint.at : at)

function routeFinding(route: Route, siblings: Route[], share: number): Finding {
  const guarded = siblings.filter(({ auth }) => auth.answer === "yes")
  const [example] = guarded
  const by = commonest(guarded)
  const others =
    siblings.length === 1
      ? "the one other route of its router does"
      : `${guarded.length < siblings.length ? `${guarded.length} of the ${siblings.length}` : siblings.length === 2 ? "both" : `all ${siblings.length}`} other routes of its router ${guarded.length === 1 ? "does" : "do"}`
  const evidence = example
    ? `, and ${others}${by ? `, with ${quote(by)}` : ""}`
    : share > 0
      ? `, as ${Math.round(share * 100)}% of the routes that change data do`
      : ""
  const runs = route.endpoint && executionOf(route.endpoint)
  return {
    at: standsAt(route),
    message: `${routeName(route)} asks nobody who is calling${evidence}`,
    level: runs?.runs === "code" || guarded.length * 2 > siblings.length ? "error" : share >= 0.5 ? "warning" : "info",
    related: [
      ...(example?.auth.at ? [{ at: example.auth.at, message: `${routeName(example)} is protected here` }] : []),
      ...(runs ? [{ at: runs.at, message: `${quote(shortName(runs.name))} runs ${RUNS[runs.runs]} for whoever calls` }] : []),
    ],
    ...(siblings.length > 0 && {
      notes: openRouteNotes(route, guarded),
      ...(by && { help: `Give it \`Depends(${by})\`, as a parameter or in its \`dependencies=[...]\`` }),
    }),
    routes: [route],
    scope: routeName(route).replaceAll("`", ""),
    discriminator: "open",
  }
}

/** The name of the check that most of these routes share. */
function commonest(routes: Route[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { auth } of routes) {
    const name = guardOf({ auth })
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}

/** Up to here an application is small enough to be open on purpose, and one sentence says it. */
const FEW = 3

/** From here on every file is told once. */
const MANY = 50

/**
 * Each open route by itself: what it gives away is its own, an exception is made for one, and a route that is added to an
 * application long known to be open is news. One finding for all would be known once and for ever.
 */
function* appFindings(app: App, all: Route[], guarded: number): Generator<Finding> {
  // What a command serves for a moment, to take an answer of the browser.
  if (/(^|\/)cli\//.test(app.at.path)) return
  const others =
    guarded > 0 ? `only ${plural(guarded, "other route")} that changes data does` : "no route of this application that changes data does"
  // Who lets everyone run something says so line by line, however many routes are open beside.
  const running = all.length > FEW ? all.filter(({ endpoint }) => endpoint && executionOf(endpoint)) : []
  for (const route of running) yield openFinding(route, others)
  const open = all.filter((route) => !running.includes(route))
  if (open.length === 0) return
  if (open.length <= FEW) yield groupFinding(open, app.at, app.name ?? app.at.path, others)
  else if (open.length <= MANY) for (const route of open) yield openFinding(route, others)
  else
    for (const path of new Set(open.map(({ at }) => at.path))) {
      const here = open.filter(({ at }) => at.path === path)
      yield groupFinding(here, (here[0] as Route).at, path, others)
    }
}

function openFinding(route: Route, others: string): Finding {
  const runs = route.endpoint && executionOf(route.endpoint)
  return {
    ...routeFinding(route, [], 0),
    message: `${routeName(route)} asks nobody who is calling${runs ? ` and runs ${RUNS[runs.runs]}` : ""}, and ${others}`,
    level: runs ? "error" : "warning",
    help: HELP,
  }
}

const RUNS = { code: "code", program: "a program" }

const MOST_SHOWN = 8
const HELP =
  "Put a dependency that authenticates into `dependencies=[...]` of the application or its routers; if a gateway does it, turn this rule off"

function groupFinding(open: Route[], at: Place, scope: string, others: string): Finding {
  const shown = open.slice(0, 2).map(routeName)
  const rest = open.length - shown.length
  return {
    at,
    message: `${list(rest > 0 ? [...shown, plural(rest, "other")] : shown)} ask${open.length === 1 ? "s" : ""} nobody who is calling, and ${others}`,
    help: HELP,
    related: open.slice(0, MOST_SHOWN).map((route) => ({ at: standsAt(route), message: `${routeName(route)} is open` })),
    routes: open,
    scope,
    discriminator: "application",
  }
}
