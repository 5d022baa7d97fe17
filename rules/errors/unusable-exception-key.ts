import { isSubclass, quote, rule, type Value } from "#rule"

export default rule({
  summary: "An exception handler for what no handler can be registered for",
  why: `
A handler is for one class that derives from \`Exception\`, or for one status code. With a tuple of classes, \`BaseException\`, text or an
exception object, Starlette raises an \`AssertionError\` or a \`TypeError\` when the server starts.
`,
  help: "Register the handler for each class by itself",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/handling-errors/#install-custom-exception-handlers",
  equivalents: [],
  startup: true,
  exemptions: ["keys that are not known"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, Request

        app = FastAPI()

        @app.exception_handler((ValueError, KeyError)) # expect: A tuple
        async def on_error(request: Request, error: Exception): ...

        @app.exception_handler(BaseException) # expect: \`BaseException\`
        async def on_anything(request: Request, error: Exception): ...
      `,
      good: `
        from fastapi import FastAPI, Request

        app = FastAPI()

        @app.exception_handler(ValueError)
        @app.exception_handler(KeyError)
        async def on_error(request: Request, error: Exception): ...

        @app.exception_handler(Exception)
        async def on_anything(request: Request, error: Exception): ...
      `,
    },
  ],

  *project({ apps }) {
    for (const { exceptionHandlers, name } of apps) {
      for (const { exception, at } of exceptionHandlers) {
        const why = faultOf(exception)
        if (why) yield { at, message: `${why}: Starlette raises when the server starts`, ...(name !== undefined && { scope: name }) }
      }
    }
  },
})

function faultOf(key: Value): string | undefined {
  switch (key.is) {
    case "sequence":
      return `A ${key.type} of exceptions is no key for a handler`
    case "text":
      return "Text is no key for an exception handler"
    case "external": {
      const name = /^builtins\.(BaseException|KeyboardInterrupt|SystemExit|GeneratorExit|BaseExceptionGroup)$/.exec(key.name)?.[1]
      if (name) return `No handler can be registered for ${quote(name)}, which does not derive from ${quote("Exception")}`
      return key.name.endsWith("Error()") && isSubclass(key.name.slice(0, -2), "builtins.Exception")
        ? "An exception object is no key for a handler"
        : undefined
    }
    default:
      return undefined
  }
}
