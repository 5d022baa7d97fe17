import { requestFinding, requestFlows, rule } from "#rule"

export default rule({
  summary: "What a client sends is rendered as a template",
  why: `
A template is a program: \`{{ cycler.__init__.__globals__.os.popen("id").read() }}\` is a valid one for Jinja. Values belong into
the context of a template that the code brings; a text that users may write needs a sandbox, or a language that cannot call.
`,
  help: "Pass the value to a template of your own: `template.render(name=name)`; for templates of users, `jinja2.sandbox.SandboxedEnvironment`",
  concern: "security",
  level: "error",
  docs: "https://jinja.palletsprojects.com/en/stable/sandbox/",
  equivalents: ["S5496"],
  cwe: ["CWE-1336", "CWE-94"],
  exemptions: ["`jinja2.sandbox.SandboxedEnvironment`", "values in the context of a template"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from jinja2 import Template

        app = FastAPI()

        @app.post("/preview")
        def preview(text: str) -> dict[str, str]:
            return {"html": Template(text).render(user="Ada")} # expect: \`text\` of \`POST /preview\` is rendered by \`jinja2.Template\`
      `,
      good: `
        from fastapi import FastAPI
        from jinja2 import Template
        from jinja2.sandbox import SandboxedEnvironment

        app = FastAPI()
        PAGE = Template("<p>{{ text }}</p>", autoescape=True)

        @app.post("/preview")
        def preview(text: str, own: str) -> dict[str, str]:
            return {"html": PAGE.render(text=text) + SandboxedEnvironment().from_string(own).render()}
      `,
    },
  ],

  *project(project) {
    for (const flow of requestFlows(project, ["template"])) yield requestFinding(flow, "is rendered by {callee}")
  },
})
