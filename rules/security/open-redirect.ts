import {
  type Attribute,
  type Expr,
  enclosingFunction,
  type FileNotes,
  type Finding,
  type PyFile,
  type RequestFlow,
  requestFinding,
  requestFlows,
  rule,
} from "#rule"

export default rule({
  summary: "A client decides where the browser is sent",
  why: `
A link to your site that ends on another lends your name to whoever sends it: the page that asks for the password again looks
like yours, and came from you. After a login the code or the token may travel along. \`urlparse(url).path\` does not help (of
\`////evil.example\` it is \`//evil.example\`), and a test for a leading \`/\` lets \`//evil.example\` and \`/\\evil.example\` through.
`,
  help: "Redirect to a page by name (`request.url_for`), or to an address from a list; of a path, refuse what begins with `//` or `/\\\\`",
  concern: "security",
  level: "warning",
  docs: "https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html",
  equivalents: ["S5146"],
  cwe: ["CWE-601"],
  exemptions: [
    "a part after a host or a path that the code names",
    "an address that is compared with a list or checked by a function before",
  ],
  files: { roles: ["app"], words: ["urlparse", "urlsplit"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from fastapi.responses import RedirectResponse

        app = FastAPI()

        @app.get("/continue")
        def go_on(target: str = "/") -> RedirectResponse:
            return RedirectResponse(target) # expect: \`target\` of \`GET /continue\` chooses where \`responses.RedirectResponse\` leads
      `,
      good: `
        from fastapi import FastAPI
        from fastapi.responses import RedirectResponse

        app = FastAPI()
        PAGES = {"home": "/", "help": "/help"}

        @app.get("/continue")
        def go_on(target: str = "home") -> RedirectResponse:
            return RedirectResponse(PAGES.get(target, "/"))

        @app.get("/items/{name}/latest")
        def latest(name: str) -> RedirectResponse:
            return RedirectResponse(f"/items/{name}")
      `,
    },
  ],

  notes: pathsIn,

  *project(project, _, notes: FileNotes<Span[]>[]) {
    const taken = new Map(notes.map(({ path, notes: own }) => [path, own]))
    for (const flow of requestFlows(project, ["redirect"])) {
      const finding = requestFinding(flow, "chooses where {callee} leads")
      yield flow.isPathOnly ? withPath(finding, flow, taken) : finding
    }
  },
})

interface Span {
  start: number
  end: number
}

/** Tells that the `path` of an address was taken, where that stands. */
function withPath(finding: Finding, { steps }: RequestFlow, taken: ReadonlyMap<string, readonly Span[]>): Finding {
  const inside = steps.flatMap(({ fn }) =>
    (taken.get(fn.path) ?? [])
      .filter(({ start, end }) => fn.at.start < start && end <= fn.value.def.end)
      .map((span) => ({ at: { path: fn.path, ...span }, message: "of `////evil.example` the path is `//evil.example`", symbol: fn.name })),
  )
  const trace = [...(finding.trace ?? [])]
  trace.splice(-1, 0, ...inside)
  return {
    ...finding,
    message: `${finding.message}, though only the path of it: of \`////evil.example\` that is \`//evil.example\``,
    trace,
  }
}

/** Every `urlparse(...).path`, by name or at once. */
function pathsIn(file: PyFile): Span[] | undefined {
  const found = file.all("Attribute").filter((node) => node.attr === "path" && isParsed(file, node))
  return found.length > 0 ? found.map(({ start, end }) => ({ start, end })) : undefined
}

function isParsed(file: PyFile, node: Attribute): boolean {
  const { value } = node
  const parses = (one: Expr) => one.kind === "Call" && /^urllib\.parse\.url(parse|split)$/.test(file.qualified(one.func) ?? "")
  if (value.kind !== "Name") return parses(value)
  const fn = enclosingFunction(node, file)
  if (!fn) return false
  for (const one of file.walk(fn))
    if (one.kind === "Assign" && parses(one.value) && one.targets.some((target) => target.kind === "Name" && target.id === value.id))
      return true
  return false
}
