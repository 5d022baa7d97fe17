import { type FileNotes, hasPydantic2, type Node, type PyFile, quote, rule, type Span, supportsBothPydantics } from "#rule"

export default rule({
  summary: "An option of a field that Pydantic 2 refuses",
  why: `
Pydantic 2 removed \`regex\`, \`const\` and \`unique_items\` from \`Field\`, and the old names of \`constr\`, \`conlist\`, \`conset\` and
\`confrozenset\`. Giving one raises a \`PydanticUserError\` or a \`TypeError\` when the class is made, and the application does not start.
`,
  help: "Use the option that Pydantic 2 has for it",
  concern: "correctness",
  level: "error",
  docs: "https://docs.pydantic.dev/latest/migration/#changes-to-pydanticfield",
  equivalents: ["FASTT040"],
  startup: true,
  exemptions: [
    "the project pins Pydantic 1, or a FastAPI that needs it (older than 0.100)",
    "calls in a `try` or an `if`, and files that support both versions",
    "options given as `None`",
  ],
  files: { words: ["pydantic"] },
  examples: [
    {
      bad: `
        from pydantic import BaseModel, Field, conlist

        class Item(BaseModel):
            name: str = Field(regex="^[a-z]+$") # expect: \`Field(regex=)\`
            tags: conlist(str, min_items=1) # expect: \`conlist(min_items=)\`
      `,
      good: `
        from pydantic import BaseModel, Field, conlist

        class Item(BaseModel):
            name: str = Field(pattern="^[a-z]+$")
            tags: conlist(str, min_length=1)
      `,
      fixed: `
        from pydantic import BaseModel, Field, conlist

        class Item(BaseModel):
            name: str = Field(pattern="^[a-z]+$")
            tags: conlist(str, min_length=1)
      `,
    },
  ],

  notes: (file) => (supportsBothPydantics(file) ? undefined : oldOptions(file)),

  *project({ versions }, _, notes: FileNotes<Option[]>[]) {
    if (!hasPydantic2(versions)) return
    for (const { path, notes: options } of notes) {
      for (const { of, name, start, end } of options) {
        const gone = GONE[of]?.[name]
        if (!gone) continue
        const { now, exception, renamed } = gone
        const at = { path, start, end }
        yield {
          at,
          message: `${quote(`${of}(${name}=)`)} raises ${exception} when the class is made: it is now ${now}`,
          discriminator: `${of} ${name}`,
          ...(renamed && { fix: { title: `Write ${quote(renamed)}`, safety: "unsafe", edits: [{ ...at, text: renamed }] } }),
        }
      }
    }
  },
})

interface Option extends Span {
  of: string
  name: string
}

interface Gone {
  now: string
  exception: string
  renamed?: string
}

const renamed = (name: string, exception = "a TypeError"): Gone => ({ now: quote(name), exception, renamed: name })
const SET: Gone = { now: "a `set` annotation", exception: "a PydanticUserError" }
const LENGTHS = { min_items: renamed("min_length"), max_items: renamed("max_length") }

/** What each function no longer takes. */
const GONE: Record<string, Record<string, Gone>> = {
  Field: {
    regex: renamed("pattern", "a PydanticUserError"),
    const: { now: "a `Literal[...]` annotation", exception: "a PydanticUserError" },
    unique_items: SET,
  },
  constr: { regex: renamed("pattern") },
  conlist: { ...LENGTHS, unique_items: SET },
  conset: LENGTHS,
  confrozenset: LENGTHS,
}

function oldOptions(file: PyFile): Option[] | undefined {
  const options: Option[] = []
  for (const node of file.all("Call")) {
    const of = /^pydantic\.(?:types\.)?(\w+)$/.exec(file.qualified(node.func) ?? "")?.[1]
    const gone = of !== undefined && Object.hasOwn(GONE, of) ? GONE[of] : undefined
    if (!of || !gone) continue
    for (const { arg, value, start } of node.keywords)
      if (arg !== null && Object.hasOwn(gone, arg) && !(value.kind === "Constant" && value.type === "NoneType") && !hasOtherWay(file, node))
        options.push({ of, name: arg, start, end: start + arg.length })
  }
  return options.length > 0 ? options : undefined
}

/** In a function it raises when the function is called, if ever; in a class within one, likewise. */
const hasOtherWay = (file: PyFile, node: Node): boolean =>
  [...file.around(node)].some(
    ({ kind }) =>
      kind === "Try" || kind === "If" || kind === "IfExp" || kind === "FunctionDef" || kind === "AsyncFunctionDef" || kind === "Lambda",
  )
