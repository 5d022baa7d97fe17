import { type CallEvent, type Fn, isResponseClass, options, type Project, quote, routeNames, rule } from "#rule"

export default rule({
  summary: "A response that is built and not returned",
  why: `
A response object does nothing by itself: it is sent when the endpoint returns it. Without \`return\` the function goes on as
if nothing had happened. Often it is the way out of a failed check, and so the check has no effect.
`,
  help: "Write `return` before it",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/response-directly/",
  equivalents: [],
  exemptions: ["functions that do something else too, and return a response beside that"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, Request
        from fastapi.responses import RedirectResponse

        app = FastAPI()

        @app.get("/account")
        def read_account(request: Request):
            if "session" not in request.cookies:
                RedirectResponse("/login") # expect: The \`RedirectResponse\` is built and thrown away, and \`read_account\` goes on
            return {"account": request.cookies.get("session")}
      `,
      good: `
        from fastapi import FastAPI, Request
        from fastapi.responses import RedirectResponse

        app = FastAPI()

        @app.get("/account")
        def read_account(request: Request):
            if "session" not in request.cookies:
                return RedirectResponse("/login")
            return {"account": request.cookies.get("session")}
      `,
    },
  ],

  *project(project) {
    for (const { in: fn, event } of project.bodies.dropped) {
      const name = fn.role === "app" ? builtBy(project, event) : undefined
      if (name === undefined) continue
      const routes = project.reach.routesTo(fn)
      yield {
        at: event.at,
        message: `The ${quote(name)} is built and thrown away, and ${quote(fn.name)} goes on${routes.length > 1 ? ` (${routeNames(routes)})` : ""}`,
        routes,
        scope: fn.id,
        discriminator: name,
      }
    }
  },
})

/** The class of response that a call makes, or the function of the project that does nothing but make one. */
function builtBy(project: Project, { callee, fn, awaited, result }: CallEvent): string | undefined {
  const isClass = (callee.is === "external" || callee.is === "class") && isResponseClass(project, callee) === true
  if (isClass) return callee.is === "class" ? callee.def.name : callee.name.slice(callee.name.lastIndexOf(".") + 1)
  if (fn?.async !== awaited) return undefined
  const isResponse = options(result).every((option) => project.isResponse(option) === true)
  return isResponse && onlyBuilds(fn) ? fn.name : undefined
}

/** Does a function consist of one \`return\`, so that nothing remains of it when its value is dropped? */
const onlyBuilds = ({ events }: Fn): boolean => {
  // Whoever waits for another server has done something.
  if (events.some((event) => event.is === "call" && (event.awaited || event.blocks !== undefined))) return false
  const last = events.at(-1)
  const [first] = events
  return last?.is === "return" && first !== undefined && first.at.start >= last.at.start && first.at.end <= last.at.end
}
