import {
  type FileNotes,
  type Finding,
  type Fix,
  type Fn,
  gathered,
  isAsWritten,
  type Project,
  type PyFile,
  quote,
  rule,
  type Span,
  typeOf,
} from "#rule"

export default rule({
  summary: "A `response_model` that repeats the return annotation",
  why: `
FastAPI takes the return annotation for the response model. Saying it twice means that it can be changed once: then editors
and type checkers believe one, and clients get the other.
`,
  help: "Leave out `response_model=`",
  concern: "simplicity",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/response-model/#response_model-or-return-type",
  equivalents: ["FAST001"],
  exemptions: ["types that differ, or of which any part is not known", "decorated endpoints; FastAPI before 0.89"],
  files: { words: ["response_model"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str

        @app.get("/items", response_model=list[Item], tags=["items"]) # expect: \`response_model=list[Item]\` is what \`read_items\` is annotated with
        def read_items() -> list[Item]:
            return []

        @app.get("/item", response_model=Item) # expect: \`response_model=Item\`
        def read_item() -> Item:
            return Item(name="tea")
      `,
      good: `
        from typing import Any
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str

        class Tea(Item):
            origin: str

        @app.get("/items", response_model=list[Item])
        def read_items() -> Any:
            return []

        @app.get("/item", response_model=Item)
        def read_item() -> Tea:
            return Tea(name="tea", origin="Assam")
      `,
      fixed: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str

        @app.get("/items", tags=["items"])
        def read_items() -> list[Item]:
            return []

        @app.get("/item")
        def read_item() -> Item:
            return Item(name="tea")
      `,
    },
  ],

  notes: (file) => {
    const found = [...keywordsIn(file)]
    return found.length > 0 ? found : undefined
  },

  *project(project, _, notes: FileNotes<Keyword[]>[]) {
    yield* gathered(
      findingsIn(project, notes),
      (count) =>
        `${count} routes of this file say their response model twice: ${quote("response_model=")} is what the function is annotated with`,
    )
  },
})

function* findingsIn(project: Project, notes: FileNotes<Keyword[]>[]): Generator<Finding> {
  if (!project.versions.atLeast("fastapi", "0.89.0")) return
  const written = new Map(notes.flatMap(({ path, notes: found }) => found.map((keyword) => [`${path}:${keyword.call}`, keyword] as const)))
  const told = new Set<Keyword>()
  for (const { own, endpoint, response, kind } of project.routes) {
    const keyword = written.get(`${own.at.path}:${own.at.start}`)
    if (kind !== "api" || !keyword || told.has(keyword) || endpoint?.role !== "app" || !isSame(endpoint, response.type?.text)) continue
    told.add(keyword)
    yield {
      at: { path: own.at.path, start: keyword.start, end: keyword.end },
      message: `${quote(keyword.text)} is what ${quote(endpoint.name)} is annotated with`,
      scope: endpoint.id,
      ...(keyword.removed && { fix: without({ path: own.at.path, ...keyword.removed }) }),
    }
  }

  function isSame(endpoint: Fn, text: string | undefined): boolean {
    if (!endpoint.returns || endpoint.generator || text === undefined || /\bunknown\b/.test(text) || text === "Any") return false
    return endpoint.at.path !== "" && isAsWritten(endpoint) && typeOf(project, endpoint.returns.value).text === text
  }
}

interface Keyword extends Span {
  /** Where the call starts. */
  call: number
  text: string
  /** The keyword with the comma before it; unset where a comment stands between them. */
  removed?: Span
}

function* keywordsIn(file: PyFile): Generator<Keyword> {
  for (const node of file.all("FunctionDef", "AsyncFunctionDef")) {
    for (const decorator of node.decorator_list) {
      if (decorator.kind !== "Call") continue
      const keyword = decorator.keywords.find(({ arg }) => arg === "response_model")
      if (!keyword) continue
      const { start, end } = keyword
      const before = /,\s*$/.exec(file.text.slice(decorator.start, start))
      const removed = before ? { start: start - before[0].length, end } : undefined
      yield { call: decorator.start, start, end, text: file.source(keyword), ...(removed && { removed }) }
    }
  }
}

const without = (at: Span & { path: string }): Fix => ({
  title: "Leave out `response_model=`",
  safety: "safe",
  edits: [{ ...at, text: "" }],
})
