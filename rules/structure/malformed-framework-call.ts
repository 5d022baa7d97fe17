import {
  type Finding,
  knownText,
  type LibraryCall,
  list,
  type Misfit,
  type ModuleFacts,
  misfit,
  plural,
  quote,
  rule,
  SIGNATURES_UNTIL,
  signatureOf,
  type Versions,
} from "#rule"

export default rule({
  summary: "A call of FastAPI with arguments that it does not take",
  why: `
The decorators, \`APIRouter(...)\`, \`include_router(...)\`, \`Depends(...)\` and the security classes take a fixed set of arguments,
most of them by keyword only. A misspelled name, a prefix given by position or a path left out is a \`TypeError\` while the
module is imported, and the application does not start.
`,
  help: "Write the argument as the signature has it",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/reference/apirouter/",
  equivalents: [],
  startup: true,
  exemptions: [
    "calls that pass unknown `*args` or `**kwargs` where those may hold what is missing",
    "calls in a `try`",
    "a FastAPI newer than the signatures that fastlint knows",
  ],
  examples: [
    {
      bad: `
        from fastapi import APIRouter, Depends, FastAPI, Security
        from fastapi.security import APIKeyHeader

        app = FastAPI()
        router = APIRouter("/items") # expect: \`APIRouter()\` takes no positional arguments, and gets 1
        key = APIKeyHeader() # expect: \`APIKeyHeader()\` needs \`name\`

        def get_user(): ...

        @router.get("/", summery="All items") # expect: \`APIRouter.get()\` has no argument \`summery\`
        def read_items(user=Security(get_user, ["items"])): # expect: takes at most 1 positional argument, and gets 2
            return []

        app.include_router(router, "/v1") # expect: takes at most 1 positional argument
      `,
      good: `
        from fastapi import APIRouter, Depends, FastAPI, Security
        from fastapi.security import APIKeyHeader

        app = FastAPI()
        router = APIRouter(prefix="/items")
        key = APIKeyHeader(name="X-Key")

        def get_user(): ...

        @router.get("/", summary="All items")
        def read_items(user=Security(get_user, scopes=["items"])):
            return []

        app.include_router(router, prefix="/v1")
      `,
    },
  ],

  *project({ calls, modules, versions }) {
    if (isTooNew(versions)) return
    for (const call of calls) {
      const signature = signatureOf(call.name)
      if (!signature || call.isGuarded || mayBeClass(call, modules.get(call.at.path))) continue
      const why = misfit(signature, call.positional.length, call.keywords.keys(), call.open)
      if (why) yield findingOf(call, why)
      else yield* badFallback(call)
    }
  },
})

const isTooNew = (versions: Versions): boolean => versions.fastapi !== undefined && versions.atLeast("fastapi", `${SIGNATURES_UNTIL}.999`)

/** The classes of `fastapi.params` go by the same names as the functions, and take more by position. */
function mayBeClass({ name, func }: LibraryCall, facts: ModuleFacts | undefined): boolean {
  const short = /^fastapi\.(Depends|Security)$/.exec(name)?.[1]
  if (!short) return false
  const isImported = facts?.tree.body.some(
    (stmt) =>
      stmt.kind === "ImportFrom" && stmt.module === "fastapi" && stmt.names.some((one) => one.name === short && one.asname === null),
  )
  return !isImported || func.end - func.start !== short.length
}

const FALLBACKS = ["auto", "index.html", "404.html"]

function* badFallback({ name, keywords, at }: LibraryCall): Generator<Finding> {
  const fallback = name.endsWith("().frontend") ? knownText(keywords.get("fallback")) : undefined
  if (fallback === undefined || FALLBACKS.includes(fallback)) return
  yield {
    at,
    message: `${quote(fallback)} is no fallback of ${quote("frontend()")}: an AssertionError when the module is imported`,
    help: `Give ${list(FALLBACKS.map(quote), "or")}, or ${quote("None")}`,
    discriminator: "fallback",
  }
}

/** `APIRouter.get` of `fastapi.APIRouter().get`. */
const spelled = (name: string): string => name.replace(/^.*\.(?=[A-Z])/, "").replace("()", "")

function findingOf({ name, at }: LibraryCall, why: Misfit): Finding {
  const callee = quote(`${spelled(name)}()`)
  return { at, message: `${callee} ${told(why)}: a TypeError when the module is imported`, discriminator: `${name} ${why.is}` }
}

function told(why: Misfit): string {
  switch (why.is) {
    case "unknown":
      return `has no argument ${quote(why.name)}`
    case "extra":
      return `takes ${why.taken === 0 ? "no positional arguments" : `at most ${plural(why.taken, "positional argument")}`}, and gets ${why.given}`
    case "twice":
      return `gets ${quote(why.name)} by position and by name`
    case "missing":
      return `needs ${list(why.names.map(quote))}`
  }
}
