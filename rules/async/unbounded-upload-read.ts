import {
  type CallEvent,
  type Dependency,
  type Fn,
  functionAround,
  notedStarts,
  type Param,
  type Project,
  type PyFile,
  quote,
  routeName,
  routeNames,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A whole upload read into memory",
  why: `
FastAPI puts no limit on the size of an upload. \`await file.read()\` without a size, and a \`bytes\` parameter with \`File()\`,
hold all of it in memory at once, so one large request, or a few at a time, can bring the process down. A test of the
length after reading comes too late.
`,
  help: "Look at `file.size` first, or read in pieces (`await file.read(64 * 1024)`) and stop at a limit",
  concern: "security",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/request-files/",
  equivalents: ["FASTT027"],
  cwe: ["CWE-770"],
  exemptions: [
    "`read(n)` with a size",
    "functions that look at `size` or `content-length`, themselves or through what they call before; and routes with a dependency, or callers, that do",
    "apps with a middleware that limits the body",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI, UploadFile

        app = FastAPI()

        @app.post("/avatar")
        async def upload(file: UploadFile):
            content = await file.read() # expect: \`UploadFile.read\` takes all that a client sends to \`POST /avatar\` into memory
            return {"size": len(content)}
      `,
      good: `
        from fastapi import FastAPI, HTTPException, UploadFile

        app = FastAPI()
        LIMIT = 1_000_000

        @app.post("/avatar")
        async def upload(file: UploadFile):
            if file.size is None or file.size > LIMIT:
                raise HTTPException(status_code=413)
            content = await file.read()
            return {"size": len(content)}
      `,
    },
  ],

  notes(file) {
    const careful = [...carefulFunctions(file)]
    return careful.length > 0 ? careful : undefined
  },

  *project(project, _options, notes: { path: string; notes: number[] }[]) {
    const isNoted = notedStarts(notes)
    const isCareful = (fn: Fn): boolean => isNoted(fn.at)
    if (project.apps.some((app) => app.middleware.some(({ name, value }) => /size|limit|length/i.test(name ?? nameOf(value))))) return
    for (const { in: fn, event } of project.bodies.callsOf(READS)) {
      if (!isWhole(event) || fn.role !== "app" || isCareful(fn) || project.reach.running(fn) !== "request") continue
      if (isLookedAtAbove(fn, project, isCareful)) continue
      if (fn.events.some((other) => other.is === "call" && other.at.start < event.at.start && other.fn && isCareful(other.fn))) continue
      const all = project.reach.routesTo(fn)
      const routes = all.filter((route) => !route.asks.some((dependency) => isGuard(dependency, isCareful)))
      if (all.length > 0 && routes.length === 0) continue
      yield {
        at: event.at,
        message: `${quote("UploadFile.read")} takes all that a client sends to ${routeNames(routes) ?? quote(fn.name)} into memory`,
        routes,
        scope: fn.id,
        discriminator: "read",
      }
    }
    const seen = new Set<string>()
    for (const route of project.routes) {
      for (const param of route.params) {
        const key = `${param.at.path}:${param.at.start}`
        if (!isBytes(param) || seen.has(key) || param.declaredBy.role !== "app") continue
        if (route.asks.some((dependency) => isGuard(dependency, isCareful))) continue
        seen.add(key)
        yield {
          at: param.at,
          message: `${quote(`${param.name}: ${param.type.text}`)} takes all that a client sends to ${routeName(route)} into memory`,
          routes: [route],
          scope: param.declaredBy.id,
          discriminator: param.name,
        }
      }
    }
  },
})

/** Has a caller looked at the size, or one that called it? */
function isLookedAtAbove(fn: Fn, { reach }: Pick<Project, "reach">, isCareful: (fn: Fn) => boolean, depth = 3): boolean {
  return depth > 0 && reach.callersOf(fn).some((caller) => isCareful(caller) || isLookedAtAbove(caller, { reach }, isCareful, depth - 1))
}

/** A dependency that looks at the size before the route runs. */
const isGuard = ({ call, dependencies }: Dependency, isCareful: (fn: Fn) => boolean): boolean =>
  (call !== undefined && isCareful(call)) || dependencies.some((below) => isGuard(below, isCareful))

const nameOf = (value: Value): string => (value.is === "class" || value.is === "function" ? value.qualname : "")

const isBytes = ({ in: place, type }: Param): boolean => place === "file" && /^(list\[)?bytes\b/.test(type.text)

/** Reads an upload, or the file below it. */
const READS = /^(fastapi|starlette\.datastructures)\.UploadFile\(\)(\.file)?\.read$/

/** `read()` with no size. */
const isWhole = ({ positional, keywords, open }: CallEvent): boolean => positional.length === 0 && keywords.size === 0 && !open

const LOOKS = /\.size\b|content.length|\bseek\(0, *(2|os\.SEEK_END)|max_part_size/i

/** Where the names of functions begin that look at the size of something before they take it. */
function* carefulFunctions(file: PyFile): Generator<number> {
  if (!LOOKS.test(file.text)) return
  const found = new Set<number>()
  for (const node of file.all("Attribute", "Constant", "Call")) {
    if (!LOOKS.test(file.source(node))) continue
    const def = functionAround(node, file)
    if (def) found.add(def.name_span.start)
  }
  yield* found
}
