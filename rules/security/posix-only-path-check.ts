import { type Call, type Expr, enclosingFunction, type Finding, isNamed, isTextConstant, type PyFile, quote, rule } from "#rule"

export default rule({
  summary: "A path of the client's that is cleaned by the rules of POSIX alone",
  why: `
Windows separates folders with a backslash too, and there \`/x\` leads to the root of the drive. \`PurePosixPath\` and \`posixpath\`
cut at slashes only: the \`name\` of a file that is called \`..\\..\\start.bat\` is all of that. And \`os.path.isabs("/x")\` is false
on Windows since Python 3.13. Where the service is started on Windows, nothing was checked.
`,
  help: "Cut a name at both separators; beside `isabs`, refuse a leading `/` by itself",
  concern: "security",
  level: "info",
  docs: "https://docs.python.org/3/library/os.path.html#os.path.isabs",
  equivalents: [],
  cwe: ["CWE-22", "CWE-36"],
  exemptions: [
    "`Path(name).name` and `os.path.basename`, which follow the rules of the machine they run on",
    "`isabs` of a path that the machine's own functions made, or beside a test for a leading `/`",
  ],
  files: { roles: ["app"], words: ["PurePosixPath", "posixpath"] },
  examples: [
    {
      bad: `
        import os
        import posixpath
        from pathlib import PurePosixPath
        from fastapi import FastAPI, HTTPException, UploadFile

        app = FastAPI()

        @app.post("/files")
        async def upload(file: UploadFile) -> str:
            return PurePosixPath(file.filename or "").name # expect: \`PurePosixPath\` leaves every backslash in \`file.filename\`

        def inside(folder: str, name: str) -> str:
            name = posixpath.normpath(name)
            if os.path.isabs(name) or name.startswith("../"): # expect: \`os.path.isabs\` lets \`/x\` through on Windows
                raise HTTPException(404)
            return os.path.join(folder, name)
      `,
      good: `
        import os
        import posixpath
        from pathlib import Path, PurePosixPath
        from fastapi import FastAPI, HTTPException, UploadFile

        app = FastAPI()

        @app.post("/files")
        async def upload(file: UploadFile) -> str:
            return Path((file.filename or "").replace("\\\\", "/")).name

        def inside(folder: str, name: str) -> str:
            name = posixpath.normpath(name)
            if os.path.isabs(name) or name.startswith(("/", "../")):
                raise HTTPException(404)
            return os.path.join(folder, name)

        def name_of(key: str) -> str:
            return PurePosixPath(key).name
      `,
    },
  ],

  *file(file) {
    for (const node of file.all("Attribute")) {
      const isName = node.attr === "name" && node.value.kind === "Call" && file.qualified(node.value.func) === "pathlib.PurePosixPath"
      const found = isName ? halfCleaned(file, node.value as Call) : undefined
      if (found) yield found
    }
    for (const node of file.all("Call")) {
      const name = file.qualified(node.func)
      const found = name === "posixpath.basename" ? halfCleaned(file, node) : name === "os.path.isabs" ? alone(file, node) : undefined
      if (found) yield found
    }
  },
})

/** The name of an upload, of which only what stands before a slash is cut off. */
function halfCleaned(file: PyFile, call: Call): Finding | undefined {
  const [given] = call.args
  if (!given || /["']\\\\/.test(file.source(given))) return undefined
  const name = [...file.walk(given)].find((node) => node.kind === "Attribute" && node.attr === "filename")
  if (!name) return undefined
  return {
    at: file.at(call),
    message: `${quote(file.source(call.func))} leaves every backslash in ${quote(file.source(name))}, and on Windows it separates folders`,
    scope: enclosingFunction(call, file)?.name ?? "",
    discriminator: "backslash",
  }
}

/** `os.path.isabs` of what `posixpath` made, with nothing beside it that refuses a leading slash. */
function alone(file: PyFile, call: Call): Finding | undefined {
  const [given] = call.args
  const fn = enclosingFunction(call, file)
  if (given?.kind !== "Name" || !fn) return undefined
  let isPosix = false
  for (const node of file.walk(fn)) {
    if (node.kind === "Assign" && node.targets.some((target) => isNamed(target, given.id)) && isMadeByPosix(file, node.value))
      isPosix = true
    if (node.kind === "Call" && refusesRoot(node, given.id)) return undefined
  }
  if (!isPosix) return undefined
  return {
    at: file.at(call),
    message: `\`os.path.isabs\` lets \`/x\` through on Windows since Python 3.13, and \`posixpath\` leaves it in ${quote(given.id)}`,
    scope: fn.name,
    discriminator: "isabs",
  }
}

const isMadeByPosix = (file: PyFile, value: Expr): boolean =>
  value.kind === "Call" && file.qualified(value.func)?.startsWith("posixpath.") === true

/** `name.startswith("/")`, alone or in a tuple. */
function refusesRoot({ func, args: [prefix] }: Call, name: string): boolean {
  if (func.kind !== "Attribute" || func.attr !== "startswith" || !isNamed(func.value, name) || !prefix) return false
  const texts = prefix.kind === "Tuple" ? prefix.elts : [prefix]
  return texts.some((text) => isTextConstant(text) && text.value === "/")
}
