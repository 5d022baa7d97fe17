import {
  type Call,
  type Expr,
  enclosingFunction,
  type FileNotes,
  isNamed,
  notedStarts,
  type PyFile,
  requestFinding,
  requestFlows,
  rule,
} from "#rule"

export default rule({
  summary: "A client chooses by its name which method is called",
  why: `
\`getattr(service, name)()\` calls whatever the object has: not only the few methods that were meant for clients, but also those
that delete, that read files, and what every Python object brings. Whoever adds a method later adds it to the API.
`,
  help: "Look the name up in a dict of the functions that clients may call",
  concern: "security",
  level: "error",
  docs: "https://cwe.mitre.org/data/definitions/470.html",
  equivalents: [],
  cwe: ["CWE-470"],
  exemptions: [
    "enums, literals and texts with a pattern; a name that is looked up in a list or a dict before",
    'a name that begins with a known text: `getattr(self, f"handle_{event}")`',
    "an attribute that is read and not called: a column to sort by",
    "a method that is asked for a mark of its own before it is called",
  ],
  files: { roles: ["app"], words: ["getattr", "attrgetter", "methodcaller"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Call(BaseModel):
            method: str
            data: str

        class Reports:
            def monthly(self, data: str) -> str:
                return data

        reports = Reports()

        @app.post("/reports")
        def run(call: Call) -> str:
            method = getattr(reports, call.method) # expect: \`call.method\` of \`POST /reports\` chooses what \`getattr\` finds, and it is called
            return method(call.data)
      `,
      good: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Call(BaseModel):
            method: str
            data: str

        class Reports:
            def monthly(self, data: str) -> str:
                return data

        reports = Reports()
        METHODS = {"monthly": reports.monthly}

        @app.post("/reports")
        def run(call: Call) -> str:
            return METHODS[call.method](call.data)
      `,
    },
  ],

  notes: calledIn,

  *project(project, _, notes: FileNotes<number[]>[]) {
    const isCalledAt = notedStarts(notes)
    for (const flow of requestFlows(project, ["attribute"]))
      if (isCalledAt(flow.at)) yield requestFinding(flow, "chooses what {callee} finds, and it is called")
  },
})

/** Where the calls of `getattr` begin of which the result is called, and is not looked at before. */
function calledIn(file: PyFile): number[] | undefined {
  const found = file.all("Call").filter((call) => isFinder(file, call) && isCalled(file, call))
  return found.length > 0 ? found.map(({ start }) => start) : undefined
}

const isFinder = (file: PyFile, { func }: Call): boolean =>
  /^(builtins\.getattr|operator\.(attrgetter|methodcaller))$/.test(file.qualified(func) ?? "")

function isCalled(file: PyFile, call: Call): boolean {
  const parent = file.parentOf(call)
  if (parent?.kind === "Call" && parent.func === call) return true
  const fn = enclosingFunction(call, file)
  const [target] = parent?.kind === "Assign" && parent.value === call ? parent.targets : []
  if (!fn || target?.kind !== "Name") return false
  let isUsed = false
  for (const node of file.walk(fn)) {
    if (node.kind === "Call" && isNamed(node.func, target.id)) isUsed = true
    if ((node.kind === "If" || node.kind === "IfExp" || node.kind === "Assert") && looksAt(file, node.test, target.id)) return false
  }
  return isUsed
}

/** Does a test ask more of it than whether it is there and can be called? */
function looksAt(file: PyFile, test: Expr, name: string): boolean {
  for (const node of file.walk(test)) {
    if (node.kind === "Attribute" && isNamed(node.value, name)) return true
    if (
      node.kind === "Compare" &&
      [node.left, ...node.comparators].some((one) => isNamed(one, name)) &&
      !/^Is(Not)?$/.test(node.ops[0] ?? "")
    )
      return true
    if (node.kind === "Call" && node.args.some((one) => isNamed(one, name)) && file.qualified(node.func) !== "builtins.callable")
      return true
  }
  return false
}
