import { type Finding, quote, type RequestFlow, remoteOrigin, requestFinding, requestFlows, rule, shortName } from "#rule"

export default rule({
  summary: "Text that somebody else wrote is run as Python",
  why: `
\`eval\` and \`exec\` do whatever the text says, with all that the process may do: read its secrets, its database, its network.
Neither an empty \`globals\` nor a list of forbidden words holds it back. What a client sends is such a text, and so is what
another server or a language model answered.
`,
  help: "Read data as data: `json.loads`, `ast.literal_eval`, a Pydantic model; run code of users in a process of its own that may do nothing else",
  concern: "security",
  level: "error",
  docs: "https://docs.python.org/3/library/functions.html#eval",
  equivalents: ["S307", "S102", "PGH001", "S5334"],
  cwe: ["CWE-94", "CWE-95"],
  exemptions: [
    "`ast.literal_eval`, `ast.parse` and `compile` alone",
    "numbers, enums, text that was compared with a list",
    "text whose origin is not known",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/calculate")
        def calculate(formula: str) -> float:
            return eval(formula, {"__builtins__": {}}) # expect: \`formula\` of \`GET /calculate\` is run as code by \`eval\`, and nobody is asked who they are
      `,
      good: `
        import ast
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/calculate")
        def calculate(formula: str) -> float:
            return float(ast.literal_eval(formula))
      `,
    },
    {
      bad: `
        import requests

        def prices(url: str) -> dict:
            answer = requests.get(url, timeout=5)
            return eval(answer.text) # expect: what another server answered is run as code by \`eval\`
      `,
      good: `
        import requests

        def prices(url: str) -> dict:
            return requests.get(url, timeout=5).json()
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const flow of requestFlows(project, ["code"])) {
      told.add(`${flow.at.path}:${flow.at.start}`)
      yield sent(flow)
    }
    for (const { in: fn, event } of project.bodies.callsOf(/^builtins\.(eval|exec)$/)) {
      if (fn.role !== "app") continue
      const [code] = event.positional
      const origin = code && remoteOrigin(code, "code")
      if (origin !== undefined && !told.has(`${event.at.path}:${event.at.start}`))
        yield {
          at: event.at,
          message: `what ${/Response$/.test(origin) ? "another server" : quote(shortName(origin))} answered is run as code by ${quote(shortName(event.name as string))}`,
          scope: fn.id,
          discriminator: origin,
        }
    }
  },
})

/** Code of users may be what a service is for; code of anybody is not. */
function sent(flow: RequestFlow): Finding {
  const found = requestFinding(flow, "is run as code by {callee}")
  if (flow.routes.some(({ auth }) => auth.answer === "no"))
    return { ...found, message: `${found.message}, and nobody is asked who they are` }
  if (flow.routes.some(({ auth }) => auth.answer === "unknown")) return found
  return {
    ...found,
    message: `${found.message}, for whoever has an account`,
    level: "warning",
    help: "Run code of users in a process of its own that may do nothing else; read data with `json.loads` or `ast.literal_eval`",
  }
}
