import { type Assign, type AsyncFunctionDef, type Expr, type FunctionDef, type Name, type Node, type PyFile, quote, rule } from "#rule"

export default rule({
  summary: "A tuple of one that is tested for being empty",
  why: `
A comma at the end of an assignment makes a tuple: \`user = (find_user(),)\` is never empty, whatever was found. A check such
as \`if not user\` can then never be true, and what it was to answer, a 404 say, is never sent.
`,
  help: "Take away the comma",
  concern: "correctness",
  level: "error",
  docs: "https://docs.python.org/3/tutorial/datastructures.html#tuples-and-sequences",
  equivalents: [],
  exemptions: ["a name that is bound more than once", "tuples that hold a constant only"],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        roles_of = {}

        @app.get("/users/{user_id}/roles")
        def read_roles(user_id: int):
            roles = roles_of.get(user_id),
            if not roles: # expect: \`roles\` is a tuple of one, and so never empty
                raise HTTPException(404)
            return roles
      `,
      good: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        roles_of = {}

        @app.get("/users/{user_id}/roles")
        def read_roles(user_id: int):
            roles = roles_of.get(user_id)
            if not roles:
                raise HTTPException(404)
            return roles
      `,
    },
  ],

  *file(file) {
    if (!file.all("Assign").some(makesTupleOfOne)) return
    for (const node of file.all("FunctionDef", "AsyncFunctionDef")) {
      for (const [name, made] of tuplesOfOne(node, file)) {
        for (const test of testsOf(name, node, file)) {
          if (test.start < made.end) continue
          yield {
            at: file.at(test),
            message: `${quote(name)} is a tuple of one, and so never empty: this test has always the same answer`,
            related: [{ at: file.at(made), message: "the comma makes it a tuple" }],
            scope: node.name,
            discriminator: name,
          }
        }
      }
    }
  },
})

type Def = FunctionDef | AsyncFunctionDef

/** Names that a function binds once, to a tuple of one call or name. */
function tuplesOfOne(def: Def, file: PyFile): Map<string, Node> {
  const made = new Map<string, Node>()
  const bound = new Map<string, number>()
  for (const node of file.walk(def)) {
    if (node.kind === "Name" && isBound(node, file)) bound.set(node.id, (bound.get(node.id) ?? 0) + 1)
    if (node.kind === "Assign" && makesTupleOfOne(node)) made.set((node.targets[0] as Name).id, node)
  }
  return new Map([...made].filter(([name]) => bound.get(name) === 1))
}

function makesTupleOfOne({ targets, value }: Assign): boolean {
  if (targets.length !== 1 || targets[0]?.kind !== "Name" || value.kind !== "Tuple") return false
  const [only] = value.elts
  return value.elts.length === 1 && only !== undefined && only.kind !== "Constant" && only.kind !== "Starred"
}

/** Is a value given to the name here? */
function isBound(name: Name, file: PyFile): boolean {
  let inner: Node = name
  for (const outer of file.around(name)) {
    if (outer.kind === "Tuple" || outer.kind === "List" || outer.kind === "Starred") {
      inner = outer
      continue
    }
    if (outer.kind === "Assign") return outer.targets.some((target) => target === inner)
    if (outer.kind === "withitem") return outer.optional_vars === inner
    return "target" in outer && outer.target === inner
  }
  return false
}

/** Where the truth of a name is asked for. */
function testsOf(name: string, def: Def, file: PyFile): Expr[] {
  const isName = (expr: Expr): boolean => expr.kind === "Name" && expr.id === name
  return [...file.walk(def)].flatMap((node): Expr[] => {
    if (node.kind === "UnaryOp" && node.op === "Not" && isName(node.operand)) return [node]
    if ((node.kind === "If" || node.kind === "While" || node.kind === "IfExp") && isName(node.test)) return [node.test]
    return []
  })
}
