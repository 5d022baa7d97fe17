import { type Fn, type FunctionValue, mayBeAtLeast, options, type Project, quote, rule, type Value } from "#rule"

export default rule({
  summary: "A lifespan that the server cannot enter",
  why: `
A lifespan is called with the app, and what it gives is entered with \`async with\`. A coroutine function, a function under
\`contextmanager\`, one without \`yield\` or one that takes no argument cannot be: the server raises a \`TypeError\` and stops
before the first request.
`,
  help: "Write `@asynccontextmanager` over `async def lifespan(app): ... yield ...`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/events/",
  equivalents: [],
  startup: true,
  exemptions: ["generator functions without a decorator, which FastAPI wraps", "functions under decorators that are not known"],
  examples: [
    {
      bad: `
        from contextlib import asynccontextmanager
        from fastapi import FastAPI

        @asynccontextmanager
        async def lifespan(): # expect: takes no argument
            yield

        async def prepare(app): # expect: no \`@asynccontextmanager\` over it, and no \`yield\`
            app.state.ready = True

        app = FastAPI(lifespan=lifespan)
        admin = FastAPI(lifespan=prepare)
      `,
      good: `
        from contextlib import asynccontextmanager
        from fastapi import FastAPI

        @asynccontextmanager
        async def lifespan(app: FastAPI):
            app.state.ready = True
            yield

        app = FastAPI(lifespan=lifespan)
      `,
    },
  ],

  *project(project) {
    if (!mayBeAtLeast(project.versions, "fastapi", "0.93.0")) return
    for (const { lifespan } of project.apps) {
      for (const { fn, why } of lifespan ? faults(project, lifespan.value) : []) {
        yield {
          at: fn.at,
          message: `${quote(fn.name)} ${why}: the server raises a TypeError at start-up`,
          related: [{ at: lifespan!.at, message: "it is the lifespan of this app" }],
          scope: fn.id,
        }
      }
    }
  },
})

/** Only a lifespan that is certainly this one function is judged. */
function faults(project: Project, value: Value): { fn: Fn; why: string }[] {
  const [only, ...others] = options(value)
  if (only?.is !== "function" || others.length > 0) return []
  const fn = project.functionOf(only)
  const why = fn && faultOf(fn, only)
  return why ? [{ fn, why }] : []
}

function faultOf(fn: Fn, { decorators, self, given, wraps }: FunctionValue): string | undefined {
  if (self || given || wraps || decorators.length > 1) return undefined
  const decorator = decorators[0]
  if (decorator && decorator.is !== "external") return undefined
  switch (decorator?.name) {
    case undefined:
      if (fn.async && !fn.generator) return "has no `@asynccontextmanager` over it, and no `yield`"
      return fn.generator ? withoutParameter(fn) : undefined
    case "contextlib.asynccontextmanager":
      if (!fn.generator) return "has no `yield`"
      return fn.async ? withoutParameter(fn) : "is not `async`"
    case "contextlib.contextmanager":
      return fn.generator ? "is a `@contextmanager`, which only `with` can enter" : undefined
    default:
      return undefined
  }
}

const withoutParameter = ({ parameters }: Fn): string | undefined =>
  parameters.some(({ kind }) => kind !== "keyword-only" && kind !== "**kwargs")
    ? undefined
    : "takes no argument, and is called with the app"
