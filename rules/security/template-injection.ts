import { handedText, type Instance, options, quote, requestFinding, requestFlows, rule, shortName, traced, type Value } from "#rule"

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
  exemptions: [
    "`jinja2.sandbox.SandboxedEnvironment`",
    "values in the context of a template",
    "texts that the code brings: constants, files, a function that somebody calls with one",
  ],
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
    {
      bad: `
        from fastapi import FastAPI
        from jinja2 import Environment

        app = FastAPI()

        class Letter:
            def __init__(self, template: str) -> None:
                self.template = Environment(autoescape=True).from_string(template) # expect: \`template\` is a template for \`Environment.from_string\` outside a sandbox, and nothing here says who wrote it

        def letters(stored: list[dict[str, str]]) -> list[Letter]:
            return [Letter(row["text"]) for row in stored]
      `,
      good: `
        from fastapi import FastAPI
        from jinja2.sandbox import SandboxedEnvironment

        app = FastAPI()

        class Letter:
            def __init__(self, template: str) -> None:
                self.template = SandboxedEnvironment(autoescape=True).from_string(template)

        def letters(stored: list[dict[str, str]]) -> list[Letter]:
            return [Letter(row["text"]) for row in stored]
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const flow of requestFlows(project, ["template"])) {
      told.add(`${flow.at.path}:${flow.at.start}`)
      yield requestFinding(flow, "is rendered by {callee}")
    }
    for (const fn of new Set(project.bodies.callsOf(RENDERS).map((call) => call.in))) {
      if (fn.role !== "app") continue
      const trace = traced(project, fn)
      for (const event of trace.fn.events) {
        if (event.is !== "call" || event.name === undefined || told.has(`${event.at.path}:${event.at.start}`)) continue
        const [text] = event.positional
        if (TEXT.test(event.name) && text) {
          const name = handedText(project, fn, text)
          if (name !== undefined)
            yield {
              at: event.at,
              level: "warning",
              message: `${quote(name)} is a template for ${quote(shortName(event.name))} outside a sandbox, and nothing here says who wrote it`,
              scope: fn.id,
              discriminator: name,
            }
        } else if (event.name === "jinja2.Environment") {
          const rows = rowsBehind(event.keywords.get("loader"))
          if (rows !== undefined)
            yield {
              at: event.at,
              level: "warning",
              message: `templates out of rows of ${quote(rows)} are rendered outside a sandbox`,
              scope: fn.id,
              discriminator: rows,
            }
        }
      }
    }
  },
})

const TEXT = /^(jinja2\.(Template|Environment\(\)\.from_string)|mako\.template\.Template)$/
const RENDERS = /^(jinja2\.(Template|Environment|Environment\(\)\.from_string)|mako\.template\.Template)$/

/** The table whose rows an object holds that loads templates: `FunctionLoader(StoredTemplates(rows))`. */
function rowsBehind(loader: Value | undefined): string | undefined {
  if (loader?.is !== "external" || loader.name !== "jinja2.FunctionLoader()") return undefined
  const load = loader.built?.positional[0] ?? loader.built?.keywords.get("load_func")
  const object = load?.is === "function" ? load.self : load
  if (object?.is !== "instance") return undefined
  for (const held of object.attributes.values())
    for (const one of options(held).flatMap(itemsIn)) if (one.is === "instance" && isTable(one)) return one.of.def.name
  return undefined
}

const itemsIn = (value: Value): Value[] =>
  value.is === "mapping" ? value.entries.map(([, item]) => item) : value.is === "sequence" ? value.items : []

const isTable = ({ of }: Instance): boolean =>
  [...of.body.entries()].some(([, value]) => value.is === "external" && /^sqlalchemy\.(orm\.mapped_column|Column)\(\)$/.test(value.name))
