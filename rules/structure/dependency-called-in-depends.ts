import { type Built, type FunctionValue, options, type Project, quote, rule, type Value } from "#rule"

export default rule({
  summary: "A `Depends` that is given a result instead of a function",
  why: `
\`Depends(get_db)\` hands FastAPI the function, to be called for each request. \`Depends(get_db())\` calls it once, while the module
is imported, and hands over what came of it: a coroutine, a generator or a value. FastAPI cannot call that and raises
\`TypeError: ... is not a callable object\`. Only a factory, which returns a function, is called there.
`,
  help: "Leave out the parentheses: `Depends(get_db)`",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/",
  equivalents: [],
  startup: true,
  exemptions: ["factories that return a function, a class or an object with `__call__`", "results that are not known"],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI

        app = FastAPI()

        async def get_user():
            return "ada"

        def get_db():
            yield "session"

        @app.get("/items")
        def list_items(
            user: str = Depends(get_user()), # expect: \`get_user()\` gives a coroutine
            db: str = Depends(get_db()), # expect: \`get_db()\` gives a generator
            name: str = Depends("get_name"), # expect: is a text
        ):
            return []
      `,
      good: `
        from fastapi import Depends, FastAPI

        app = FastAPI()

        async def get_user():
            return "ada"

        def has_role(name: str):
            def check(user: str = Depends(get_user)):
                return user == name
            return check

        @app.get("/items", dependencies=[Depends(has_role("admin"))])
        def list_items(user: str = Depends(get_user)):
            return []
      `,
    },
  ],

  *project(project) {
    for (const route of project.routes) {
      for (const { asked, at, param, call } of route.dependencies) {
        const what = asked && !call ? uncallable(asked, project) : undefined
        if (what)
          yield {
            at,
            message: `${what}, and FastAPI cannot call it: a TypeError when the module is imported`,
            routes: [route],
            ...(route.endpoint && { scope: route.endpoint.id }),
            discriminator: param ?? "",
          }
      }
    }
  },
})

function uncallable(asked: Built, project: Project): string | undefined {
  const called = asked.called?.get(0) ?? asked.called?.get("dependency")
  if (called) {
    if (called.decorators.length > 0 || called.wraps || called.signature) return undefined
    const result = resultOf(called, project)
    if (result) return `${quote(spelled(called))} gives ${result}`
  }
  const given = asked.positional[0] ?? asked.keywords.get("dependency")
  const kind = given && kindOf(given)
  if (!kind) return undefined
  return called ? `${quote(spelled(called))} gives ${kind}` : `What stands in ${quote("Depends")} is ${kind}`
}

const spelled = ({ def }: FunctionValue): string => (def.kind === "Lambda" ? "a lambda" : `${def.name}()`)

/** What calling a function gives before anybody awaits or iterates it. */
function resultOf(called: FunctionValue, project: Project): string | undefined {
  const fn = project.functionOf(called)
  if (fn?.generator) return fn.async ? "an asynchronous generator" : "a generator"
  return fn?.async ? "a coroutine" : undefined
}

/** Plain data, which is never callable. */
function kindOf(value: Value): string | undefined {
  const kinds = options(value).map(kindOfOne)
  return kinds.every((kind) => kind !== undefined) ? kinds[0] : undefined
}

function kindOfOne(value: Value): string | undefined {
  if (value.is === "text") return "a text"
  if (value.is === "sequence") return `a ${value.type}`
  if (value.is === "mapping") return "a dict"
  return value.is === "literal" && typeof value.value === "number" ? "a number" : undefined
}
