import {
  enclosingFunction,
  type FileNotes,
  type Finding,
  functionAt,
  functionName,
  type PyFile,
  quote,
  rule,
  type WeakCheck,
  weakPathChecks,
} from "#rule"

/** What paths are compared with. */
const TESTS = ["startswith", "commonprefix", "commonpath", "is_relative_to", "relative_to", "parents"]

export default rule({
  summary: "A test that should keep a path in its folder, and does not",
  why: `
Whether a path lies in a folder is decided by folders, one after the other, once every \`..\` is worked out. Tests that compare
something else look right and let paths through: \`startswith\` and \`commonprefix\` compare letters, so that \`/srv/files-old\`
passes for \`/srv/files\`; \`parents\`, \`is_relative_to\` and \`commonpath\` compare folders, but take \`..\` for a folder's name, so
that \`/srv/files/../../etc/passwd\` lies in \`/srv/files\`; and a relative path can hold its \`..\` anywhere, not only where it begins.
`,
  help: "Resolve both first, then ask by folder: `path.resolve().is_relative_to(folder.resolve())`",
  concern: "security",
  level: "warning",
  docs: "https://docs.python.org/3/library/pathlib.html#pathlib.PurePath.is_relative_to",
  equivalents: [],
  cwe: ["CWE-22"],
  exemptions: [
    "a folder that ends with a separator: `path.startswith(folder + os.sep)`",
    "a path that somebody else may have resolved before it was given",
    "a path that is searched for `..`, and a name that is searched for `/`, matched with a pattern or looked up in a list before",
    "scripts and tests",
  ],
  files: { roles: ["app"], words: TESTS },
  examples: [
    {
      bad: `
        import os
        from pathlib import Path
        from fastapi import FastAPI, HTTPException
        from fastapi.responses import FileResponse

        app = FastAPI()
        FILES = os.path.abspath("files")
        PICTURES = Path("pictures").resolve()

        @app.get("/files/{name:path}")
        def read_file(name: str) -> FileResponse:
            path = os.path.abspath(os.path.join(FILES, name))
            if not path.startswith(FILES): # expect: \`read_file\` compares paths with \`startswith\`, letter by letter
                raise HTTPException(404)
            return FileResponse(path)

        @app.get("/pictures/{name:path}")
        def read_picture(name: str) -> FileResponse:
            path = PICTURES / name
            if not path.is_relative_to(PICTURES): # expect: \`read_picture\` asks \`is_relative_to\` of a path that was not resolved
                raise HTTPException(404)
            return FileResponse(path)
      `,
      good: `
        import os
        from pathlib import Path
        from fastapi import FastAPI, HTTPException
        from fastapi.responses import FileResponse

        app = FastAPI()
        FILES = os.path.abspath("files")
        PICTURES = Path("pictures").resolve()

        @app.get("/files/{name:path}")
        def read_file(name: str) -> FileResponse:
            path = os.path.abspath(os.path.join(FILES, name))
            if not path.startswith(FILES + os.sep):
                raise HTTPException(404)
            return FileResponse(path)

        @app.get("/pictures/{name:path}")
        def read_picture(name: str) -> FileResponse:
            path = (PICTURES / name).resolve()
            if not path.is_relative_to(PICTURES):
                raise HTTPException(404)
            return FileResponse(path)
      `,
    },
  ],

  notes: functionsIn,

  *project(project, _, notes: FileNotes<number[]>[]) {
    for (const { path, notes: starts } of notes)
      for (const start of starts) {
        const fn = functionAt(project, path, start)
        if (!fn) continue
        for (const [first, ...others] of byKind(weakPathChecks(project, fn)))
          yield {
            at: first.at,
            message: `${quote(functionName(fn))} ${SAYS[first.is].replace("{by}", quote(first.by))}`,
            ...(others.length > 0 && { related: others.map(({ at, by }) => ({ at, message: `${quote(by)} again` })) }),
            routes: project.reach.routesTo(fn),
            scope: fn.id,
            discriminator: first.is,
          } satisfies Finding
      }
  },
})

const SAYS: Record<WeakCheck["is"], string> = {
  letters: "compares paths with {by}, letter by letter: `/srv/files-old` begins with `/srv/files` and does not lie in it",
  prefix: "compares paths with {by}, letter by letter: of `/srv/files-old` and `/srv/files` it is `/srv/files`",
  unresolved: "asks {by} of a path that was not resolved: `/srv/files/../../etc/passwd` passes for one in `/srv/files`",
  beginning: "looks for `..` at the beginning of a path that was not resolved: `a/../../etc/passwd` passes",
}

/** The functions that speak of one of the tests, by where their name stands. */
function functionsIn(file: PyFile): number[] | undefined {
  const starts = new Set<number>()
  for (const node of file.all("Attribute", "Name")) {
    const fn = TESTS.includes(node.kind === "Name" ? node.id : node.attr) ? enclosingFunction(node, file) : undefined
    if (fn) starts.add(fn.name_span.start)
  }
  return starts.size > 0 ? [...starts] : undefined
}

/** Tests of one kind are mended together. */
function* byKind(checks: readonly WeakCheck[]): Generator<[WeakCheck, ...WeakCheck[]]> {
  for (const first of checks) {
    const same = checks.filter(({ is }) => is === first.is)
    if (same[0] === first) yield same as [WeakCheck, ...WeakCheck[]]
  }
}
