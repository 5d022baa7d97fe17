import {
  type FileNotes,
  hasPydantic2,
  isGoneFromPydantic,
  type Node,
  type PyFile,
  quote,
  rule,
  type Span,
  type Stmt,
  supportsBothPydantics,
} from "#rule"

export default rule({
  summary: "A name that Pydantic 2 no longer has",
  why: `
Pydantic 2 removed \`BaseSettings\`, the \`Constrained...\` types and much else from its modules. Asking for one raises a
\`PydanticImportError\` (or an \`ImportError\`) while the module is imported, and the application does not start.
`,
  help: "Use what Pydantic 2 has for it",
  concern: "correctness",
  level: "error",
  docs: "https://docs.pydantic.dev/latest/migration/",
  equivalents: ["FASTT040"],
  startup: true,
  exemptions: [
    "the project pins Pydantic 1, or a FastAPI that needs it (older than 0.100)",
    "imports in a `try`, an `if` or a function, and files that support both versions",
  ],
  files: { words: ["pydantic"] },
  examples: [
    {
      bad: `
        from pydantic import BaseSettings # expect: \`BaseSettings\`

        class Settings(BaseSettings):
            database_url: str
      `,
      good: `
        from pydantic_settings import BaseSettings

        class Settings(BaseSettings):
            database_url: str
      `,
    },
  ],

  notes: (file) => (supportsBothPydantics(file) ? undefined : goneNames(file)),

  *project({ versions }, _, notes: FileNotes<Named[]>[]) {
    if (!hasPydantic2(versions)) return
    for (const { path, notes: names } of notes) {
      for (const { module, name, start, end } of names) {
        yield {
          at: { path, start, end },
          message: `Pydantic 2 has no ${quote(module === "pydantic" ? name : `${module}.${name}`)}: importing this module raises`,
          discriminator: name,
          ...(name === "BaseSettings" && { help: "Import it from `pydantic_settings`, a package of its own" }),
        }
      }
    }
  },
})

interface Named extends Span {
  module: string
  name: string
}

function goneNames(file: PyFile): Named[] | undefined {
  const names = imported(file.module.body)
  for (const node of file.all("Attribute")) {
    const [, module, name] = /^(pydantic(?:\.[a-z_]+)?)\.(\w+)$/.exec(file.qualified(node) ?? "") ?? []
    // A module without its name (`pydantic.schema`) can still be asked for.
    if (module && name && isGoneFromPydantic(module, name) && !hasOtherWay(file, node))
      names.push({ module, name, start: node.start, end: node.end })
  }
  return names.length > 0 ? names : undefined
}

/** Only imports that always run: one in a `try` or an `if` has an alternative. */
const imported = (body: Stmt[]): Named[] =>
  body.flatMap((stmt) =>
    stmt.kind === "ImportFrom" && stmt.module && stmt.level === 0
      ? stmt.names
          .filter(({ name }) => isGoneFromPydantic(stmt.module as string, name))
          .map(({ name, start, end }) => ({ module: stmt.module as string, name, start, end }))
      : [],
  )

const hasOtherWay = (file: PyFile, node: Node): boolean =>
  [...file.around(node)].some(
    ({ kind }) =>
      kind === "Try" || kind === "If" || kind === "IfExp" || kind === "FunctionDef" || kind === "AsyncFunctionDef" || kind === "Lambda",
  )
