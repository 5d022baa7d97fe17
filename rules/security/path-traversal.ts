import { requestFinding, requestFlows, rule } from "#rule"

export default rule({
  summary: "A client decides which file or folder is opened, sent or deleted",
  why: `
A path that is put together from what a client sends may leave the folder it was meant for: \`..\` climbs out of it, and an
absolute path replaces it (\`Path("files") / "/etc/passwd"\` is \`/etc/passwd\`). What can be read then is whatever the server
can read: settings, keys, the database; and where files are written or deleted, the server itself is at stake. Looking whether
the file exists, or normalising the path, forbids nothing.
`,
  help: "Resolve the path and refuse it unless `path.is_relative_to(folder.resolve())`; or look the name up in a list of what may be asked for",
  concern: "security",
  level: "error",
  docs: "https://cheatsheetseries.owasp.org/cheatsheets/Input_Validation_Cheat_Sheet.html",
  equivalents: ["S2083"],
  cwe: ["CWE-22"],
  exemptions: [
    "numbers, UUIDs, enums, literals and texts with a pattern",
    "a value that is compared with a list, searched for `..`, or resolved and compared with its folder before it is used",
    "the last segment of a path that is a plain `{name}` of the route: it holds no slash, so it names something in the folder",
  ],
  examples: [
    {
      bad: `
        from pathlib import Path
        from fastapi import FastAPI
        from fastapi.responses import FileResponse

        app = FastAPI()
        FILES = Path("files")

        @app.get("/files/{name:path}")
        def read_file(name: str) -> FileResponse:
            path = FILES / name
            if not path.exists():
                return FileResponse("missing.txt", 404)
            return FileResponse(path) # expect: \`name\` of \`GET /files/{name:path}\` chooses what \`responses.FileResponse\` sends
      `,
      good: `
        from pathlib import Path
        from fastapi import FastAPI, HTTPException
        from fastapi.responses import FileResponse

        app = FastAPI()
        FILES = Path("files").resolve()

        @app.get("/files/{name:path}")
        def read_file(name: str) -> FileResponse:
            path = (FILES / name).resolve()
            if not path.is_relative_to(FILES):
                raise HTTPException(404)
            return FileResponse(path)
      `,
    },
  ],

  *project(project) {
    for (const flow of requestFlows(project, ["path"]))
      if (flow.source.in !== "file") yield requestFinding(flow, `chooses what {callee} ${flow.sink.does}`)
  },
})
