import {
  ancestryOf,
  bindsOutside,
  type CallEvent,
  type Callee,
  callsOf,
  type Expr,
  type Finding,
  type Fix,
  type Fn,
  functionAround,
  isCoroutine,
  mentionsOf,
  notedSpans,
  type Project,
  type PyFile,
  quote,
  routeNames,
  rule,
  type Span,
  shortName,
  type Use,
  useOf,
} from "#rule"

export default rule({
  summary: "A coroutine that nobody awaits",
  why: `
Calling an \`async def\` function runs none of it: it gives a coroutine, and only \`await\` runs that. A forgotten \`await\`
means that nothing was saved, that a check is always true because every coroutine is, or that FastAPI tries to write a
coroutine as JSON and answers 500.
`,
  help: "Put `await` before the call, and make the function around it `async def`",
  concern: "correctness",
  level: "error",
  docs: "https://docs.python.org/3/library/asyncio-task.html#coroutines",
  equivalents: ["ASYNC105"],
  exemptions: [
    "coroutines that are handed on: to `gather`, `create_task`, `asyncio.run`, `add_task`, a container or another function",
    "coroutines that a function other than an endpoint returns: its caller may await them",
    "functions with a decorator that may have made something else of them, and methods that a subclass overrides with a plain `def`",
    "tests, scripts and whatever is no part of the application",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        async def find_user(name: str): ...

        async def write_audit_log(text: str): ...

        @app.post("/users")
        async def create_user(name: str):
            write_audit_log(f"create {name}") # expect: \`write_audit_log\` is called without \`await\`, so it never runs
            if find_user(name): # expect: \`find_user\` is called without \`await\`, and a coroutine is always true
                return {"created": False}
            return {"created": True}

        @app.get("/users/{name}")
        def read_user(name: str):
            return find_user(name) # expect: \`find_user\` is called without \`await\`, so \`GET /users/{name}\` returns a coroutine and answers 500
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        async def find_user(name: str): ...

        async def write_audit_log(text: str): ...

        @app.post("/users")
        async def create_user(name: str):
            await write_audit_log(f"create {name}")
            if await find_user(name):
                return {"created": False}
            return {"created": True}

        @app.get("/users/{name}")
        async def read_user(name: str):
            return await find_user(name)
      `,
    },
  ],

  notes(file) {
    const used = [...usedCalls(file)]
    return used.length > 0 ? used : undefined
  },

  *project(project, _options, notes: { path: string; notes: Used[] }[]) {
    const used = notedSpans(notes)
    if (used.isEmpty) return
    const endpoints = new Map(project.routes.flatMap((route) => (route.endpoint ? [[route.endpoint, route] as const] : [])))
    const isAwaitable = coroutinesOf(project)
    const { bodies } = project
    for (const { in: fn, event } of [...bodies.callsPerhapsOf(isCoroutine), ...bodies.entering]) {
      if (fn.role !== "app" || event.awaited || !event.callees.every(isAwaitable)) continue
      const use = used.get(event.at)
      if (!use || (use.is === "returned" && !endpoints.has(fn)) || event.within.some((around) => around.is === "nested")) continue
      yield finding(project, fn, event, use)
    }
  },
})

/** Of what is called: does it give a coroutine, whatever happens? */
function coroutinesOf(project: Project): (callee: Callee) => boolean {
  const plain = new Map<string, Fn[]>()
  for (const fn of project.functions) if (!fn.async && fn.owner) plain.set(fn.name, [...(plain.get(fn.name) ?? []), fn])
  const isOverridden = ({ name, owner }: Fn): boolean =>
    owner !== undefined && (plain.get(name) ?? []).some((other) => other.owner && ancestryOf(project, other.owner).classes.includes(owner))
  return ({ fn, name }) =>
    fn ? fn.async && !fn.generator && isAsWritten(fn) && !isOverridden(fn) : name !== undefined && isCoroutine(name)
}

/** Nothing around it that could run it or make a plain function of it. */
const isAsWritten = (fn: Fn): boolean =>
  fn.value.decorators.every(
    (decorator) =>
      decorator.is === "external" && /^(builtins\.(static|class)method|abc\.abstractmethod|typing\.override)$/.test(decorator.name),
  )

/** As it is called; a decorator may have put a function of another name in its place. */
function nameOf({ fn, name = "" }: CallEvent): string {
  const wrapped = fn?.value.wraps
  return quote(wrapped?.is === "function" && wrapped.def.kind !== "Lambda" ? wrapped.def.name : (fn?.name ?? shortName(name)))
}

function finding(project: Project, fn: Fn, event: CallEvent, use: Used): Finding {
  const routes = project.reach.routesTo(fn)
  const fix = awaiting(fn, event, use)
  return {
    at: event.at,
    message: `${nameOf(event)} is called without ${quote("await")}, ${consequence(use, routeNames(routes))}`,
    ...(use.usedAt && { related: [{ at: { path: event.at.path, ...use.usedAt }, message: "used here as if it were the result" }] }),
    routes,
    scope: fn.id,
    discriminator: event.fn?.name ?? event.name ?? "",
    ...(fix && { fix }),
  }
}

function consequence({ is, name, how = "" }: Used, where: string | undefined): string {
  const it = name === undefined ? "a coroutine" : `${quote(name)}, a coroutine,`
  switch (is) {
    case "dropped":
      return "so it never runs"
    case "bound":
      return `so it never runs: ${quote(name ?? "")} is not read again`
    case "returned":
      return `so ${where ?? "the route"} returns a coroutine and answers 500`
    case "truth":
      return `and ${it} is always true`
    case "compared":
      if (how === "in") return `and in ${it} nothing can be looked for: a ${quote("TypeError")}`
      if (how === "member") return `and ${it} is among nothing`
      return how === "order" ? `and ${it} cannot be compared: a ${quote("TypeError")}` : `and ${it} is equal to nothing else`
    case "attribute":
      return `and ${it} has no attribute ${quote(how)}`
    case "entered":
      return `and ${it} cannot be entered`
    case "item":
      return `and ${it} has no items`
    default:
      return `and ${it} cannot be walked over`
  }
}

/** Where the whole repair is one word: a statement or an answer of an \`async def\`. */
function awaiting(fn: Fn, { at }: CallEvent, { is }: Used): Fix | undefined {
  if (!fn.async || (is !== "dropped" && is !== "returned")) return undefined
  return { title: "Await it", safety: "unsafe", edits: [{ path: at.path, start: at.start, end: at.start, text: "await " }] }
}

// ---------------------------------------------------------------------------- uses, as they are written

/** A call whose value is used as if it were no coroutine. */
interface Used extends Span {
  is: Use["is"]
  /** The name that holds it. */
  name?: string
  /** The attribute that is read, or how it is compared: `in` it, as a `member`, by `order`. */
  how?: string
  /** Where that name is used. */
  usedAt?: Span
}

/** What can be done to a coroutine by those who know that it is one. */
const OF_COROUTINES = /^(send|throw|close|cr_\w+|__\w+__)$/

const isWrong = ({ is, name }: Use): boolean =>
  ["truth", "compared", "item", "walked", "entered"].includes(is) || (is === "attribute" && !OF_COROUTINES.test(name ?? ""))

function* usedCalls(file: PyFile): Generator<Used> {
  for (const { call, def, use } of callsOf(file)) {
    const { start, end } = call
    if (use.is === "dropped" || use.is === "returned" || (isWrong(use) && !isOfNone(use, file)))
      yield { is: use.is, ...howOf(use, call, file), start, end }
    if (use.is !== "bound" || use.name === undefined) continue
    if (!def || bindsOutside(def, use.name, file)) continue
    const mentions = mentionsOf(use.name, def, file)
    if (mentions.filter(({ isBinding }) => isBinding).length !== 1) continue
    const uses = mentions.filter(({ isBinding }) => !isBinding).map(({ node }) => ({ node, use: useOf(node, file) }))
    if (uses.some(({ node }) => functionAround(node, file) !== def)) continue
    const [first] = uses
    if (!first) yield { is: "bound", name: use.name, start, end }
    else if (uses.every((one) => isWrong(one.use)) && uses.some((one) => !isOfNone(one.use, file)))
      yield {
        is: first.use.is,
        name: use.name,
        ...howOf(first.use, first.node, file),
        start,
        end,
        usedAt: { start: first.node.start, end: first.node.end },
      }
  }
}

/** What the message has to know of a use to say what happens. */
function howOf({ is, name }: Use, expr: Expr, file: PyFile): { how?: string } {
  if (is === "attribute") return { how: name ?? "" }
  const around = is === "compared" ? file.parentOf(expr) : undefined
  if (around?.kind !== "Compare") return {}
  const [operator] = around.ops
  if (operator === "In" || operator === "NotIn") return { how: around.left === expr ? "member" : "in" }
  return operator === "Lt" || operator === "LtE" || operator === "Gt" || operator === "GtE" ? { how: "order" } : {}
}

/** `if task is not None`: asked of coroutines too. */
function isOfNone({ is, at }: Use, file: PyFile): boolean {
  return is === "compared" && /\bis\s+(not\s+)?None$/.test(file.source(at))
}
