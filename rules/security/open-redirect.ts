import { requestFinding, requestFlows, rule } from "#rule"

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

  *project(project) {
    for (const flow of requestFlows(project, ["redirect"])) yield requestFinding(flow, "chooses where {callee} leads")
  },
})
