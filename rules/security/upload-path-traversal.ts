import { requestFinding, requestFlows, rule } from "#rule"

export default rule({
  summary: "The name that a client gives an uploaded file becomes a path",
  why: `
The name of an upload is a header that the client writes; nothing makes it a mere name. \`../../app/main.py\` leaves the folder,
an absolute path ignores it, and an existing file is written over. It may also be missing: \`UploadFile.filename\` is \`str | None\`.
`,
  help: 'Make a name of your own (`uuid4().hex`), or keep only its last part: `Path(file.filename or "upload").name`',
  concern: "security",
  level: "error",
  docs: "https://cheatsheetseries.owasp.org/cheatsheets/File_Upload_Cheat_Sheet.html",
  equivalents: [],
  cwe: ["CWE-22", "CWE-73"],
  exemptions: ["`Path(name).name`, `os.path.basename`, `secure_filename`, a name of its own with the upload's suffix"],
  examples: [
    {
      bad: `
        import shutil
        from pathlib import Path
        from fastapi import FastAPI, UploadFile

        app = FastAPI()

        @app.post("/upload")
        def upload(file: UploadFile) -> dict[str, str]:
            with open(Path("uploads") / file.filename, "wb") as target: # expect: the name of the uploaded file of \`POST /upload\` chooses what \`open\` opens
                shutil.copyfileobj(file.file, target)
            return {"status": "stored"}
      `,
      good: `
        import shutil
        from pathlib import Path
        from uuid import uuid4
        from fastapi import FastAPI, UploadFile

        app = FastAPI()

        @app.post("/upload")
        def upload(file: UploadFile) -> dict[str, str]:
            name = f"{uuid4().hex}{Path(file.filename or '').suffix}"
            with open(Path("uploads") / name, "wb") as target:
                shutil.copyfileobj(file.file, target)
            return {"status": "stored"}
      `,
    },
  ],

  *project(project) {
    for (const flow of requestFlows(project, ["path"]))
      if (flow.source.in === "file") yield requestFinding(flow, `chooses what {callee} ${flow.sink.does}`)
  },
})
