import {
  type Compare,
  type Expr,
  enclosingFunction,
  type FileNotes,
  type Finding,
  type Fn,
  functionAt,
  lastName,
  type Node,
  type Project,
  type PyFile,
  quote,
  rule,
  secretKind,
  wordsOf,
} from "#rule"

export default rule({
  summary: "A secret that is compared with `==`",
  why: `
\`==\` stops at the first character that differs, so how long it takes says how much of a guess is right. Over many tries
that is enough to find a key or a password piece by piece. \`secrets.compare_digest\` takes the same time for every guess.
`,
  help: "Compare with `secrets.compare_digest(given.encode(), expected.encode())`",
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/advanced/security/http-basic-auth/#timing-attacks",
  equivalents: [],
  cwe: ["CWE-208"],
  exemptions: [
    "comparisons with a literal, `None` or an empty text; two texts of the same form (a password and its repetition)",
    "markers that stand in for a secret: `PENDING_TOKEN`, `redacted_marker`, `default_password`",
    "conditions of queries: the database compares",
    "what no request reaches",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        import os
        from fastapi import FastAPI, Header, HTTPException

        app = FastAPI()
        API_KEY = os.environ["API_KEY"]

        @app.get("/report")
        def report(x_api_key: str = Header()) -> list[int]:
            if x_api_key != API_KEY: # expect: \`x_api_key\` is compared with \`API_KEY\` by \`!=\`
                raise HTTPException(401)
            return []
      `,
      good: `
        import os
        import secrets
        from fastapi import FastAPI, Header, HTTPException

        app = FastAPI()
        API_KEY = os.environ["API_KEY"]

        @app.get("/report")
        def report(x_api_key: str = Header()) -> list[int]:
            if not secrets.compare_digest(x_api_key.encode(), API_KEY.encode()):
                raise HTTPException(401)
            return []

        @app.post("/password")
        def change(password: str, password_again: str, new_password: str) -> None:
            if password != password_again or password == new_password or password == "":
                raise HTTPException(422)
      `,
    },
  ],

  notes: comparisonsIn,

  *project(project, _, notes: FileNotes<Comparisons>[]) {
    // What is called `value` where it is made says nothing of what is called so elsewhere.
    const made = new Set(notes.flatMap(({ notes: own }) => own.made.filter((name) => isSecretName(name) || /[a-z]_[a-z]/i.test(name))))
    for (const { path, notes: own } of notes) {
      for (const { start, end, inside, sides, op } of own.comparisons) {
        const fn = functionAt(project, path, inside)
        if (!fn || !mayServe(project, fn) || !isSecretPair(sides, new Set([...made, ...own.made]))) continue
        const [left, right] = sides.map(({ name }) => name)
        yield {
          at: { path, start, end },
          message: `${quote(left as string)} is compared with ${quote(right as string)} by ${quote(op)}, which takes longer the more of a guess is right`,
          routes: project.reach.routesTo(fn),
          scope: fn.id,
          discriminator: `${left} ${right}`,
        } satisfies Finding
      }
    }
  },
})

/** Reached by a request; or named as what checks a login, where a framework calls it. */
function mayServe({ reach }: Project, fn: Fn): boolean {
  const running = reach.running(fn)
  return running === "request" || (running === "unknown" && /auth|log_?in|verify|check/i.test(fn.name))
}

interface Side {
  name: string
  /** How it is written: a name of a constant, an attribute of settings, an entry of a table of users. */
  from: "constant" | "settings" | "table" | "made" | "other"
}

interface Comparisons {
  comparisons: { start: number; end: number; inside: number; sides: [Side, Side]; op: string }[]
  /** Names that `secrets.token_...()` was assigned to. */
  made: string[]
}

function comparisonsIn(file: PyFile): Comparisons | undefined {
  const found: Comparisons = { comparisons: [], made: [] }
  // A file that never says `token_` makes none.
  for (const node of file.text.includes("token_") ? file.all("Assign") : []) {
    if (node.value.kind === "Call" && /^secrets\.token_/.test(file.qualified(node.value.func) ?? ""))
      found.made.push(...node.targets.map(lastName).filter((name) => name !== "" && !ANY_NAME.test(name)))
  }
  for (const node of file.all("Compare")) {
    const sides = node.ops.length === 1 ? sidesOf(node) : undefined
    const fn = sides && enclosingFunction(node, file)
    if (!fn || !sides || isInQuery(file, node)) continue
    found.comparisons.push({ start: node.start, end: node.end, inside: fn.name_span.start, sides, op: node.ops[0] === "Eq" ? "==" : "!=" })
  }
  return found.comparisons.length + found.made.length > 0 ? found : undefined
}

/** What anything may be called, an enum's `.value` before all: in another file it is another thing. */
const ANY_NAME = /^(?!session_id$)\w+_id$|^(value|name|id|key|data|result|text|content|item|x|s|k|v)$/

function sidesOf({ left, ops, comparators }: Compare): [Side, Side] | undefined {
  const [right] = comparators
  if (!right || (ops[0] !== "Eq" && ops[0] !== "NotEq")) return undefined
  const [a, b] = [sideOf(left), sideOf(right)]
  return a && b && [a, b]
}

function sideOf(expr: Expr): Side | undefined {
  switch (expr.kind) {
    case "Name":
      return { name: expr.id, from: /^_?[A-Z][A-Z0-9_]*$/.test(expr.id) ? "constant" : "other" }
    case "Attribute": {
      // `User.token` is a column.
      if (expr.value.kind === "Name" && /^[A-Z][a-z]/.test(expr.value.id)) return undefined
      return { name: expr.attr, from: /^_?(?:settings|config|conf|cfg|env|secrets)$/i.test(lastName(expr.value)) ? "settings" : "other" }
    }
    case "Subscript": {
      const of = lastName(expr.value)
      if (/^(?:auth|auths|users|credentials|passwords|accounts|api_?keys|tokens)(?:_\w+)?$/i.test(of)) return { name: of, from: "table" }
      return { name: lastName(expr), from: of === "environ" ? "settings" : "other" }
    }
    case "Call": {
      const name = lastName(expr.func)
      if (name === "get_secret_value" && expr.func.kind === "Attribute") return { name: lastName(expr.func.value), from: "settings" }
      if (name === "getenv" || (name === "get" && expr.func.kind === "Attribute" && lastName(expr.func.value) === "environ")) {
        const [key] = expr.args
        return key?.kind === "Constant" && key.type === "str" ? { name: String(key.value), from: "settings" } : undefined
      }
      if (/^(?:hexdigest|digest)$/.test(name)) return { name, from: "made" }
      return name === "get" && expr.args[0]?.kind === "Constant" && expr.args[0].type === "str"
        ? { name: String(expr.args[0].value), from: "other" }
        : undefined
    }
    case "JoinedStr": {
      // f"Bearer {TOKEN}"
      const last = expr.values.at(-1)
      return expr.values.length < 3 && last?.kind === "FormattedValue" ? sideOf(last.value) : undefined
    }
    default:
      return undefined
  }
}

const isInQuery = (file: PyFile, node: Node): boolean =>
  [...file.around(node)].some(
    ({ kind, ...around }) =>
      kind === "Call" &&
      /^(?:where|filter|filter_by|having|and_|or_|not_|join|outerjoin|find|find_one|get_or_none|exists|case)$/.test(
        lastName((around as { func: Expr }).func),
      ),
  )

/** The one is a secret by its name, and the other the one that is expected. */
function isSecretPair(sides: readonly Side[], made: ReadonlySet<string>): boolean {
  const [a, b] = sides as [Side, Side]
  const isSecretHere = ({ name }: Side) => isSecretName(name) || (opensSomething(a.name) && opensSomething(b.name))
  const isKept = (side: Side) =>
    side.from === "table" || made.has(side.name) || (side.from !== "other" && side.from !== "made" && isSecretHere(side))
  if (isRepetition(a.name, b.name) || sides.some(({ name }) => STAND_IN.test(wordsOf(name)))) return false
  // `credential.state == STATE_ACTIVE`: one of a few words.
  const isWord = (side: Side, other: Side) => made.has(side.name) && other.from === "constant" && !isSecretHere(other)
  if (isWord(a, b) || isWord(b, a)) return false
  if (isKept(a) || isKept(b)) return !isKept(a) || !isKept(b) || a.from !== b.from
  if (a.from === "made" || b.from === "made")
    return [a, b].some(({ name }) => /signature|\bsig\b|hmac|\bmac\b|digest/.test(wordsOf(name)) && !/^(?:hex)?digest$/.test(name))
  return isExpected(a.name, b.name) || isExpected(b.name, a.name)
}

/** A word that stands where no secret is: whoever guesses it has guessed nothing. */
const STAND_IN = /\b(?:pending|placeholder|redacted|redaction|masked|mask|marker|sentinel|default|dummy|unset|empty|missing)\b/

/** `desk_key` beside `DESK_KEY`: keys of the project's own kind. */
const opensSomething = (name: string): boolean =>
  /\w (?:key|token|secret|password)$/.test(wordsOf(name)) &&
  !/\b(?:cache|primary|foreign|public|sort|partition|idempotency|object|llm|model|route|task|step|node|column|lookup)\b/.test(wordsOf(name))

const isSecretName = (name: string): boolean =>
  secretKind(name) !== undefined || /\b(?:signature|hmac|auth(?:orization)?|credentials?|webhook token)$/.test(wordsOf(name))

/** `expected_signature` beside `signature`, `stored_token` beside `token`. */
const isExpected = (one: string, other: string): boolean =>
  /^(?:expected|computed|calculated|correct|valid|real|actual|stored|saved|configured)\b/.test(wordsOf(one)) &&
  (isSecretName(one) || isSecretName(other))

/** Two entries of one form. */
const isRepetition = (a: string, b: string): boolean =>
  [a, b].some((name) => /\b(?:confirm\w*|repeat\w*|again|verify|retype|old|new|current|previous|2)\b/.test(wordsOf(name)))
