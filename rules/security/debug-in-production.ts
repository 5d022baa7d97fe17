import {
  type Call,
  type Expr,
  enclosingFunction,
  type Finding,
  isTextConstant,
  knownBoolean,
  type Node,
  type PyFile,
  quote,
  rule,
} from "#rule"

export default rule({
  summary: "Debugging left on in what is deployed",
  why: `
With \`debug=True\` Starlette answers an error with the traceback, source lines and local variables, to anyone who
provokes one. A reloader watches files and restarts the server under load, and a breakpoint stops the worker for good.
`,
  help: "Let a setting decide that is off by default, or take it out",
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/deployment/concepts/",
  equivalents: ["FASTT014", "T100", "S4507", "B201"],
  cwe: ["CWE-489"],
  exemptions: ["a setting decides", 'what runs only as a script: `if __name__ == "__main__"`, tests, scripts'],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI(debug=True) # expect: \`debug=True\` answers errors with tracebacks

        @app.get("/items")
        def read_items() -> list[int]:
            breakpoint() # expect: \`breakpoint\` stops the worker
            return []
      `,
      good: `
        import os
        import uvicorn
        from fastapi import FastAPI

        app = FastAPI(debug=os.getenv("DEBUG") == "1")

        if __name__ == "__main__":
            uvicorn.run("main:app", reload=True)
      `,
    },
  ],

  notes: (file) => [...stopsIn(file)],

  *project(project, _, notes: { path: string; notes: Stop[] }[]) {
    for (const app of project.apps) {
      const debug = app.built.keywords.get("debug")
      const isSwitched = notes.some(
        ({ path, notes: own }) => path === app.at.path && own.some(({ start, said }) => said === "" && start === app.at.start),
      )
      if (isSwitched || project.role(app.at.path) !== "app" || knownBoolean(debug) !== true || (debug?.is === "literal" && debug.assumed))
        continue
      yield {
        at: app.at,
        message: `${quote("debug=True")} answers errors with tracebacks, source lines and variables`,
        scope: app.name ?? "app",
      }
    }
    for (const { path, notes: stops } of notes)
      for (const { start, end, said } of stops)
        if (said !== "") yield { at: { path, start, end }, message: said, scope: path, discriminator: said } satisfies Finding
  },
})

interface Stop {
  start: number
  end: number
  /** Empty for an application in debug mode that something decides on. */
  said: string
}

function* stopsIn(file: PyFile): Generator<Stop> {
  if (!/breakpoint|pdb|debugpy|reload|debug\s*=/.test(file.text)) return
  for (const node of file.all("Call")) {
    if (isUnderMain(file, node)) continue
    const said = saidOf(file, node)
    if (said !== undefined) yield { start: node.start, end: node.end, said }
  }
}

function saidOf(file: PyFile, call: Call): string | undefined {
  const called = file.qualified(call.func)
  if (called === "builtins.breakpoint" || /^(?:i?pdb|pudb)\.set_trace$/.test(called ?? ""))
    return `${quote((called as string).replace("builtins.", ""))} stops the worker and waits for a keyboard`
  if (call.keywords.some(({ arg }) => arg === "debug") && isSwitched(file, call)) return ""
  if (called === "debugpy.listen" && !isSwitched(file, call)) return `${quote(called)} opens a port that runs any code`
  if (called !== "uvicorn.run" || isSwitched(file, call)) return undefined
  const reload = call.keywords.find(({ arg }) => arg === "reload")
  return reload && isTrue(reload.value) ? `${quote("reload=True")} restarts the server whenever a file changes` : undefined
}

const isTrue = (value: Expr): boolean => value.kind === "Constant" && value.value === true

/** Something decides whether it is done. */
const isSwitched = (file: PyFile, node: Node): boolean => [...file.around(node)].some(({ kind }) => kind === "If" || kind === "IfExp")

/** What only a person at a keyboard starts: a script's own block, and the `main` that it calls. */
function isUnderMain(file: PyFile, node: Node): boolean {
  for (const around of file.around(node)) {
    if (around.kind !== "If" || around.test.kind !== "Compare") continue
    const { left, comparators } = around.test
    if (left.kind === "Name" && left.id === "__name__" && isTextConstant(comparators[0])) return true
  }
  const fn = enclosingFunction(node, file)
  return fn !== undefined && /^(?:main|run|start|serve|dev)/.test(fn.name)
}
