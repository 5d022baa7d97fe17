import { type AsyncFunctionDef, type Call, type Expr, type FunctionDef, isNamed, type PyFile, quote, rule, type Stmt } from "#rule"

export default rule({
  summary: "A validator that can end without returning a value",
  why: `
Pydantic takes what a validator returns. A field validator that ends without \`return\` makes the field \`None\`, and a model
validator makes the whole body of the request \`None\`: the data is lost, and nothing says so.
`,
  help: "Return the value, or `self`, on every path",
  concern: "correctness",
  level: "error",
  docs: "https://docs.pydantic.dev/latest/concepts/validators/",
  equivalents: ["S9134"],
  exemptions: [
    "validators that always raise, and bodies that are only a docstring, `...` or `pass`",
    "a last `if value is not None:` that returns: what is left is `None` anyway",
  ],
  files: { roles: ["app"], words: ["pydantic"] },
  examples: [
    {
      bad: `
        from pydantic import BaseModel, field_validator, model_validator

        class User(BaseModel):
            name: str
            password: str
            repeated: str

            @field_validator("name")
            @classmethod
            def name_is_plain(cls, value: str) -> str: # expect: \`name_is_plain\` can end without a value, and the field is \`None\` then
                if not value.isalnum():
                    raise ValueError("letters and digits only")

            @model_validator(mode="after")
            def passwords_match(self): # expect: the whole model is \`None\`
                if self.password != self.repeated:
                    raise ValueError("passwords differ")
      `,
      good: `
        from pydantic import BaseModel, field_validator, model_validator

        class User(BaseModel):
            name: str
            password: str
            repeated: str

            @field_validator("name")
            @classmethod
            def name_is_plain(cls, value: str) -> str:
                if not value.isalnum():
                    raise ValueError("letters and digits only")
                return value

            @model_validator(mode="after")
            def passwords_match(self):
                if self.password != self.repeated:
                    raise ValueError("passwords differ")
                return self
      `,
    },
  ],

  *file(file) {
    for (const cls of file.all("ClassDef")) {
      for (const def of cls.body) {
        if (def.kind !== "FunctionDef" && def.kind !== "AsyncFunctionDef") continue
        const kind = kindOf(file, def)
        if (!kind || isStub(def) || isGenerator(file, def) || !endsWithout(def.body, lookedAt(def, kind))) continue
        yield {
          at: file.at(def.name_span),
          message: `${quote(def.name)} can end without a value, and ${kind === "field" ? "the field" : "the whole model"} is ${quote("None")} then`,
          scope: `${cls.name}.${def.name}`,
        }
      }
    }
  },
})

type Def = FunctionDef | AsyncFunctionDef

function kindOf(file: PyFile, { decorator_list }: Def): "field" | "model" | undefined {
  for (const decorator of decorator_list) {
    const name = file.qualified(decorator.kind === "Call" ? decorator.func : decorator)
    if (name === "pydantic.field_validator" || name === "pydantic.validator" || name === "pydantic.functional_validators.field_validator")
      return "field"
    if (
      name === "pydantic.model_validator" ||
      name === "pydantic.root_validator" ||
      name === "pydantic.functional_validators.model_validator"
    )
      return "model"
  }
  return undefined
}

/** What a validator is given to look at: the parameter after `cls` (or `self`). */
const lookedAt = ({ args }: Def, kind: "field" | "model"): string | undefined =>
  kind === "field" ? [...args.posonlyargs, ...args.args][1]?.arg : undefined

const isStub = ({ body }: Def): boolean => body.every((s) => s.kind === "Pass" || (s.kind === "Expr" && s.value.kind === "Constant"))

function isGenerator(file: PyFile, def: Def): boolean {
  for (const node of file.walk(def)) if (node.kind === "Yield" || node.kind === "YieldFrom") return true
  return false
}

/**
 * Can a block be left at its end? True only where that is certain to be possible as far as syntax tells.
 * @param value  the name whose `None` does not matter: what is left of it is `None` anyway
 */
function endsWithout(body: readonly Stmt[], value?: string): boolean {
  const last = body.at(-1)
  if (!last || body.some(leaves)) return false
  switch (last.kind) {
    case "If":
      if (endsWithout(last.body, value)) return true
      return last.orelse.length > 0 ? endsWithout(last.orelse, value) : !(value !== undefined && isPresence(last.test, value))
    case "With":
    case "AsyncWith":
      return endsWithout(last.body, value)
    case "Try":
    case "TryStar":
      if (last.finalbody.length > 0 && !endsWithout(last.finalbody)) return false
      return endsWithout(last.orelse.length > 0 ? last.orelse : last.body, value) && !last.body.some(leaves)
        ? true
        : last.handlers.some((handler) => endsWithout(handler.body, value))
    case "While":
      return !(last.test.kind === "Constant" && Boolean(last.test.value))
    case "Match":
      return last.cases.some((one) => endsWithout(one.body, value))
    case "Expr":
      return last.value.kind !== "Call" || !mayRaise(last.value)
    default:
      return true
  }
}

/** Is the end of the block out of reach behind this statement? */
const leaves = (statement: Stmt): boolean => {
  switch (statement.kind) {
    case "Return":
    case "Raise":
    case "Continue":
    case "Break":
      return true
    case "If":
      return statement.orelse.length > 0 && statement.body.some(leaves) && statement.orelse.some(leaves)
    case "With":
    case "AsyncWith":
      return statement.body.some(leaves)
    case "While":
      return statement.test.kind === "Constant" && Boolean(statement.test.value)
    case "Assert":
      return statement.test.kind === "Constant" && !statement.test.value
    default:
      return false
  }
}

/** A last call that may be there to raise. */
function mayRaise({ func }: Call): boolean {
  const name = func.kind === "Name" ? func.id : func.kind === "Attribute" ? func.attr : ""
  return /raise|fail|abort|error|exit|never|throw|reject/i.test(name)
}

/** `value`, `value is not None`: without it there is nothing to lose. */
const isPresence = (test: Expr, value: string): boolean =>
  isNamed(test, value) ||
  (test.kind === "Compare" && isNamed(test.left, value) && test.ops.length === 1 && (test.ops[0] === "IsNot" || test.ops[0] === "NotEq"))
