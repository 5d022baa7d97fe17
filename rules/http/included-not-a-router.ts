import { argument, quote, routerOf, rule, type Value } from "#rule"

export default rule({
  summary: "An include of something that is no router",
  why: `
\`include_router\` takes an \`APIRouter\`. Given the module that holds one, a list of them, the class or another \`FastAPI\` app, it
raises an \`AttributeError\` while the module is imported. An app is mounted, not included.
`,
  help: "Name the router itself: `app.include_router(users.router)`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
  equivalents: [],
  startup: true,
  exemptions: ["values that are not known"],
  examples: [
    {
      bad: `
        # file: app/users.py
        from fastapi import APIRouter

        router = APIRouter()
        # file: app/main.py
        from fastapi import FastAPI

        from app import users

        app = FastAPI()
        app.include_router(users) # expect: is a module
        app.include_router(FastAPI()) # expect: is a FastAPI app
      `,
      good: `
        # file: app/users.py
        from fastapi import APIRouter

        router = APIRouter()
        # file: app/main.py
        from fastapi import FastAPI

        from app import users

        app = FastAPI()
        app.include_router(users.router)
        app.mount("/admin", FastAPI())
      `,
    },
  ],

  *project({ calls }) {
    for (const call of calls) {
      if (!/^fastapi\.(APIRouter|FastAPI)\(\)\.include_router$/.test(call.name) || call.isGuarded) continue
      const given = argument(call, 0, "router")
      const what = given && whatElse(given)
      if (what)
        yield {
          at: call.at,
          message: `What is included ${what}, not a router: an AttributeError when the module is imported`,
          discriminator: "include",
        }
    }
  },
})

/** What a value certainly is, when that is no router. */
function whatElse(value: Value): string | undefined {
  const router = routerOf(value)
  if (router) return router.kind === "app" && value.is === "external" && value.name === "fastapi.FastAPI()" ? "is a FastAPI app" : undefined
  switch (value.is) {
    case "module":
      return "is a module"
    case "sequence":
      return `is a ${value.type}`
    case "mapping":
      return "is a dict"
    case "text":
      return "is a text"
    case "function":
      return value.def.kind === "Lambda" ? "is a lambda" : `is the function ${quote(value.def.name)}`
    case "external":
      // Only `import x` binds a name without a dot.
      if (value.name === "fastapi.APIRouter") return "is the class `APIRouter`"
      return /^\w+$/.test(value.name) ? `is the module ${quote(value.name)}` : undefined
    default:
      return undefined
  }
}
