import { type CallEvent, knownBoolean, requestFinding, requestFlows, rule } from "#rule"

/** Is it not said that only weights are to be read? */
const unpickles = ({ keywords, open }: CallEvent): boolean =>
  !open && knownBoolean(keywords.get("weights_only") ?? { is: "literal", type: "bool", value: false }) === false

export default rule({
  summary: "What a client sends is unpickled",
  why: `
\`pickle\` and its kin do not read data, they run a program that the data holds: whoever writes the bytes decides what is called.
\`yaml.load\` with a full loader builds any object that is named.
`,
  help: "Read data as data: `json.loads`, a Pydantic model, `yaml.safe_load`, `torch.load(..., weights_only=True)`",
  concern: "security",
  level: "error",
  docs: "https://cheatsheetseries.owasp.org/cheatsheets/Deserialization_Cheat_Sheet.html",
  equivalents: ["S301", "S302", "S506", "S614"],
  cwe: ["CWE-502"],
  exemptions: [
    "`yaml.safe_load`, loaders that build plain data only",
    "bytes that no request is seen to bring; `torch.load` is named wherever it may unpickle, unless PyTorch 2.6 is pinned",
  ],
  examples: [
    {
      bad: `
        import pickle
        from fastapi import FastAPI, Request

        app = FastAPI()

        @app.post("/state")
        async def restore(request: Request) -> dict[str, str]:
            state = pickle.loads(await request.body()) # expect: the body of \`POST /state\` is run by \`pickle.loads\`
            return {"kind": type(state).__name__}
      `,
      good: `
        import json
        from fastapi import FastAPI, Request

        app = FastAPI()

        @app.post("/state")
        async def restore(request: Request) -> dict[str, str]:
            state = json.loads(await request.body())
            return {"kind": type(state).__name__}
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const flow of requestFlows(project, ["pickle"])) {
      told.add(`${flow.at.path}:${flow.at.start}`)
      yield requestFinding(flow, "is run by {callee}")
    }
    // Weights are downloaded, and until PyTorch 2.6 they were unpickled unless the call forbade it.
    if (project.versions.torch !== undefined && project.versions.atLeast("torch", "2.6.0")) return
    for (const { in: fn, event } of project.bodies.callsOf(/^torch\.load$/)) {
      // Scripts that convert weights open what was downloaded, on the machine of whoever runs them.
      if (fn.role !== "app" && fn.role !== "script") continue
      if (unpickles(event) && !told.has(`${event.at.path}:${event.at.start}`))
        yield {
          at: event.at,
          level: "warning",
          message: "`torch.load` runs what the file holds, with any PyTorch before 2.6",
          help: "Pass `weights_only=True`",
          scope: fn.id,
          alsoInScripts: true,
        }
    }
  },
})
