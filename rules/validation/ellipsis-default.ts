import { type Expr, type FileNotes, type Fix, hasPydantic2, type Node, type PyFile, quote, rule, type Span } from "#rule"

export default rule({
  summary: "`...` as a default, which says what is so without it",
  why: `
A field or parameter without a default is required. \`Field(...)\` and \`Query(...)\` come from Pydantic 1, where the first
argument had to be something; today type checkers take the \`...\` for a default and no longer notice that the argument is
missing.
`,
  help: "Leave out the `...`",
  optIn: true,
  concern: "simplicity",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/query-params-str-validations/#required-parameters",
  equivalents: [],
  exemptions: [
    "Pydantic 1",
    "a field of a class that derives from one of the project's, which may have a default there: `...` then means required again",
  ],
  files: { words: ["fastapi", "pydantic"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI, Query
        from pydantic import BaseModel, Field

        app = FastAPI()

        class Item(BaseModel):
            name: str = Field(..., max_length=20) # expect: \`Field(...)\` is required without the \`...\` too
            size: int = Field(...) # expect: \`Field(...)\`

        @app.get("/items")
        def read_items(word: str = Query(..., min_length=2)): # expect: \`Query(...)\`
            return word
      `,
      good: `
        from fastapi import FastAPI, Query
        from pydantic import BaseModel, Field

        app = FastAPI()

        class Item(BaseModel):
            name: str = Field(max_length=20)
            size: int

        class Sized(Item):
            size: int = Field(...)

        @app.get("/items")
        def read_items(word: str = Query(min_length=2)):
            return word
      `,
      fixed: `
        from fastapi import FastAPI, Query
        from pydantic import BaseModel, Field

        app = FastAPI()

        class Item(BaseModel):
            name: str = Field(max_length=20)
            size: int = Field()

        @app.get("/items")
        def read_items(word: str = Query(min_length=2)):
            return word
      `,
    },
  ],

  notes: (file) => {
    const found = file.text.includes("...") ? [...ellipsesIn(file)] : []
    return found.length > 0 ? found : undefined
  },

  *project({ versions }, _, notes: FileNotes<Ellipsis[]>[]) {
    if (!hasPydantic2(versions)) return
    for (const { path, notes: found } of notes)
      for (const { name, start, end, removed } of found)
        yield {
          at: { path, start, end },
          message: `${quote(`${name}(...)`)} is required without the ${quote("...")} too`,
          discriminator: name,
          fix: without({ path, ...removed }),
        }
  },
})

interface Ellipsis extends Span {
  name: string
  /** The `...` and the comma after it. */
  removed: Span
}

const TAKES = /^(?:fastapi\.(Query|Path|Header|Cookie|Body|Form|File)|pydantic\.(Field))$/

function* ellipsesIn(file: PyFile): Generator<Ellipsis> {
  for (const node of file.all("Call")) {
    const [first, second] = node.args
    if (second || !first || !isEllipsis(first)) continue
    const [, marker, field] = TAKES.exec(file.qualified(node.func) ?? "") ?? []
    const name = marker ?? field
    if (name === undefined || (field && mayOverride(file, node))) continue
    const next = node.keywords[0]
    yield { name, start: node.start, end: node.end, removed: { start: first.start, end: next ? next.start : endOf(file, first) } }
  }
}

const isEllipsis = (node: Expr): boolean => node.kind === "Constant" && node.type === "ellipsis"

/** A comma that stands alone after the `...` goes too. */
function endOf(file: PyFile, { end }: Span): number {
  const comma = /^\s*,/.exec(file.text.slice(end))
  return comma ? end + comma[0].length : end
}

/** Does the class around it derive from anything but a library's class? */
function mayOverride(file: PyFile, node: Node): boolean {
  for (const outer of file.around(node))
    if (outer.kind === "ClassDef")
      return !outer.bases.every((base) => /^(pydantic|pydantic_settings|sqlmodel)\./.test(file.qualified(base) ?? ""))
  return true
}

const without = (at: Span & { path: string }): Fix => ({ title: "Leave out the `...`", safety: "safe", edits: [{ ...at, text: "" }] })
