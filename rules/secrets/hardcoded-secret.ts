import {
  type Call,
  type Constant,
  type Expr,
  type Finding,
  isPlaceholder,
  issuedKey,
  type Level,
  looksChosen,
  looksRandom,
  type Node,
  type PyFile,
  passwordInUrl,
  quote,
  rule,
  SHORTEST_KEY,
  SIGNERS,
  secretKind,
  signer,
} from "#rule"

export default rule({
  summary: "A secret that stands in the source",
  why: `
What is in the source is in every clone, image and backup of it, and in its history after it was taken out. Whoever reads
a signing key writes valid tokens for any user. A fallback for a missing variable is worse than none: the deployment that
forgot the variable runs, with a key that everybody knows.
`,
  help: "Read it from the environment, without a fallback, and replace it: it is known by now",
  concern: "security",
  level: "error",
  docs: "https://fastapi.tiangolo.com/advanced/settings/",
  equivalents: ["S105", "S106", "S107", "B105", "B106", "B107", "S2068", "S6418", "S6437"],
  cwe: ["CWE-798"],
  exemptions: [
    "tests, fixtures, examples, generated and vendored files",
    "words that stand for a value (`changeme`, `your-key`), unless they are the default of a key that signs",
    "a default that the same file compares with, or validates, to refuse it",
    "names of secrets, their lengths, addresses and messages; identifiers and sentences as values",
    "examples in schemas and documentation",
    "keys that are meant to be public",
  ],
  examples: [
    {
      bad: `
        import os
        import jwt

        SECRET_KEY = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7" # expect: the value of \`SECRET_KEY\` stands in the source
        REFRESH_KEY = os.getenv("REFRESH_SECRET_KEY", "dev") # expect: \`REFRESH_SECRET_KEY\` falls back to a value that anyone can guess
        DATABASE_URL = "postgresql://shop:Xa7!kk20vmQ@db.internal.shop.io/shop" # expect: a password stands in this \`postgresql\` URL

        def make_token(subject: str) -> str:
            return jwt.encode({"sub": subject}, "s3cr3t-for-tokens", algorithm="HS256") # expect: the key of \`jwt.encode\` stands in the source
      `,
      good: `
        import os
        import jwt

        SECRET_KEY = os.environ["SECRET_KEY"]
        SECRET_KEY_NAME = "SECRET_KEY"
        DATABASE_URL = f"postgresql://shop:{os.environ['DB_PASSWORD']}@db.internal.shop.io/shop"
        ACCESS_TOKEN_TYPE = "bearer"

        def make_token(subject: str) -> str:
            return jwt.encode({"sub": subject}, SECRET_KEY, algorithm="HS256")
      `,
    },
  ],

  *file(file) {
    if (!ROLES.has(file.role) || /(?:^|\/)(?:fixtures?|mocks?)\/|[._](?:example|sample|template)\.py$/.test(file.path)) return
    const told = new Set<number>()
    for (const { at, message, level, name } of secretsIn(file)) {
      if (told.has(at.start) || isExample(file, at) || isAllowed(file, at)) continue
      told.add(at.start)
      yield { at: file.at(at), message, level, scope: name, discriminator: name } satisfies Finding
    }
  },
})

const ROLES: ReadonlySet<PyFile["role"]> = new Set(["app", "script", "migration"])

interface Secret {
  at: Constant
  /** Never holds the secret. */
  message: string
  level: Level
  name: string
}

/** By name and use first: what stands around a text says more of it than the text. */
function* secretsIn(file: PyFile): Generator<Secret> {
  const isSigning = SIGNERS.some((name) => file.names.has(name))
  const known: Known = { keys: isSigning ? keysIn(file) : NO_NAMES, refused: remembering(() => refusedIn(file)) }
  for (const node of file.all("Call", "Assign", "AnnAssign", "arguments", "keyword", "Dict", "Compare")) {
    if (isSigning && node.kind === "Call") yield* asKey(file, node)
    for (const { name, value, isSetting } of named(node)) {
      // Most of what has a name is no text, or a text under the name of something else.
      if (!HOLDING.has(value.kind) || (value.kind === "Constant" && !(isText(value) && kindOf(name, known)))) continue
      for (const { of, at, isFallback } of literalsIn(file, name, value)) {
        const secret = byName(of, at, isFallback, isSetting || isFallback, known)
        if (secret) yield secret
      }
    }
  }
  const alone = new Set<Node>(file.all("Expr").map(({ value }) => value)) // docstrings
  for (const node of file.all("Constant")) if (isText(node) && mayShowKey(node) && !alone.has(node)) yield* byShape(node)
}

/** What the rest of a file says of its names and texts. */
interface Known {
  /** Names that are used as keys. */
  keys: ReadonlySet<string>
  /** Texts that the file refuses, and fields that it validates. */
  refused: () => ReadonlySet<string>
}

const NO_NAMES: ReadonlySet<string> = new Set()

/** Worked out once, when somebody asks. */
function remembering<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

const kindOf = (name: string, { keys }: Known) => secretKind(name) ?? (keys.has(name) ? "signing" : undefined)

const isText = (node: Node): node is Constant & { value: string } =>
  node.kind === "Constant" && (node.type === "str" || node.type === "bytes")

// ---------------------------------------------------------------------------- by what it looks like

/** Nearly all that a file holds is constants, and nearly none has the length of a key or the address of a server. */
const mayShowKey = ({ value }: { value: string }): boolean => value.length >= SHORTEST_KEY || value.includes("://")

function* byShape(node: Constant & { value: string }): Generator<Secret> {
  const issued = issuedKey(node.value)
  const url = passwordInUrl(node.value)
  if (issued) {
    const level = issued.what.includes("test") ? "warning" : "error"
    yield { at: node, level, name: issued.what, message: `a ${issued.what} stands in the source (${masked(issued.key)})` }
  }
  if (url)
    yield {
      at: node,
      level: url.isLocal ? "info" : "error",
      name: url.scheme,
      message: `a password stands in this ${quote(url.scheme)} URL`,
    }
}

// ---------------------------------------------------------------------------- by its name

interface Named {
  name: string
  value: Expr
  /** An assignment or a default: the value that is used when nobody gives another. */
  isSetting: boolean
}

/** What a node gives a name to: assignments, defaults of parameters, keyword arguments, entries of dictionaries. */
function named(node: Node): readonly Named[] {
  switch (node.kind) {
    case "Assign":
      return node.targets.flatMap((target) => to(target, node.value))
    case "AnnAssign":
      return node.value ? to(node.target, node.value) : NOTHING
    case "arguments": {
      const positional = [...node.posonlyargs, ...node.args]
      const offset = positional.length - node.defaults.length
      return [
        ...node.defaults.map((value, i) => ({ name: positional[offset + i]?.arg ?? "", value, isSetting: true })),
        ...node.kw_defaults.flatMap((value, i) => (value ? { name: node.kwonlyargs[i]?.arg ?? "", value, isSetting: true } : [])),
      ]
    }
    case "keyword":
      return node.arg ? [{ name: node.arg, value: node.value, isSetting: false }] : NOTHING
    case "Dict":
      return node.keys.flatMap((key, i) => {
        const value = node.values[i]
        return key && value && isText(key) ? { name: key.value, value, isSetting: false } : []
      })
    case "Compare": {
      // `if api_key == "..."`: the password of a door.
      const [right] = node.comparators
      return node.ops.length === 1 && (node.ops[0] === "Eq" || node.ops[0] === "NotEq") && right ? to(node.left, right, false) : NOTHING
    }
    case "Call":
      // `os.getenv("API_KEY", "...")` under whatever name.
      return ASKING.test(lastWord(node.func)) ? [{ name: "", value: node, isSetting: true }] : NOTHING
    default:
      return NOTHING
  }
}

const NOTHING: readonly Named[] = []

function to(target: Expr, value: Expr, isSetting = true): readonly Named[] {
  if (target.kind === "Name") return [{ name: target.id, value, isSetting }]
  if (target.kind === "Attribute") return [{ name: target.attr, value, isSetting }]
  return target.kind === "Subscript" && isText(target.slice) ? [{ name: target.slice.value, value, isSetting }] : NOTHING
}

/** Calls that answer with what the environment or the configuration says. */
const ASKING = /getenv$|^get$|^getattr$|^config$|^str$/

const lastWord = (func: Expr): string => (func.kind === "Attribute" ? func.attr : func.kind === "Name" ? func.id : "")

interface Literal {
  /** The name that it bears: the variable's of the environment, where that is the better one. */
  of: string
  at: Constant & { value: string }
  isFallback: boolean
}

/** What a literal may be behind. */
const HOLDING: ReadonlySet<Expr["kind"]> = new Set(["Constant", "BoolOp", "IfExp", "Call"])

/** The literals that a value may come to: itself, or what it falls back to. */
function* literalsIn(file: PyFile, name: string, value: Expr, isFallback = false): Generator<Literal> {
  switch (value.kind) {
    case "Constant":
      if (isText(value)) yield { of: name, at: value, isFallback }
      break
    case "BoolOp":
      if (value.op === "Or") yield* literalsIn(file, name, value.values.at(-1) as Expr, true)
      break
    case "IfExp":
      yield* literalsIn(file, name, value.body, isFallback)
      yield* literalsIn(file, name, value.orelse, isFallback)
      break
    case "Call":
      yield* literalsOfCall(file, name, value)
      break
  }
}

function* literalsOfCall(file: PyFile, name: string, call: Call): Generator<Literal> {
  const word = lastWord(call.func)
  if (word === "SecretStr" || word === "SecretBytes" || word === "Secret") {
    if (call.args[0]) yield* literalsIn(file, name, call.args[0])
  } else if (word === "Field") {
    const value = call.keywords.find(({ arg }) => arg === "default")?.value ?? call.args[0]
    if (value) yield* literalsIn(file, name, value)
  } else if (word === "encode" && call.func.kind === "Attribute" && isText(call.func.value)) {
    yield* literalsIn(file, name, call.func.value)
  } else if (ASKING.test(word)) {
    const [variable, fallback] = word === "getattr" ? call.args.slice(1) : call.args
    const asked = variable && isText(variable) ? variable.value : undefined
    const value = fallback ?? call.keywords.find(({ arg }) => arg === "default")?.value
    if (asked === undefined || !value || (word === "str" && call.func.kind === "Name")) return
    if (word === "get" && !/environ|env|config|settings|secrets/i.test(file.source((call.func as { value: Expr }).value))) return
    yield* literalsIn(file, secretKind(asked) ? asked : name, value, true)
  }
}

/** Is a text under this name a secret? */
function byName(name: string, at: Literal["at"], isFallback: boolean, isSetting: boolean, known: Known): Secret | undefined {
  const kind = kindOf(name, known)
  const text = at.value
  // What a secret looks like is none.
  if (kind === undefined || /(^|_)(re|regexp?|pattern|format|template)(_|$)/i.test(name)) return undefined
  if (!isOneWord(text) || isSaidOf(text, name) || issuedKey(text)) return undefined
  const says = isFallback ? `${quote(name)} falls back to a value that` : `the value of ${quote(name)}`
  const stands = { at, name, message: `${says} stands in the source (${masked(text)})` }
  if (looksRandom(text) || (kind !== "key" && looksChosen(text))) return { ...stands, level: kind === "password" ? "warning" : "error" }
  if (kind !== "signing" || !isSetting || text.length < 3 || known.refused().has(text) || known.refused().has(name)) return undefined
  if (isPlaceholder(text)) return { at, name, level: "warning", message: `${says}${isFallback ? "" : " is one that"} anyone can guess` }
  return /[\d!@#$%^&*?+_-]|secret|key/i.test(text) ? { ...stands, level: "warning" } : undefined
}

/** Neither a sentence nor an address, a path, a template or the name of a file. */
const isOneWord = (text: string): boolean =>
  text !== "" && !/\s|^https?:\/\/|^[./~]|[{}<>]|\$\(|\.(?:key|crt|cer|pem|p12|jks|json|ya?ml|toml|ini|txt|env)$/.test(text)

/** A text that only repeats its name is a name: `API_KEY = "X-API-KEY"`, `PROXY_CA_SECRET = "proxy-ca"` of a cluster. */
function isSaidOf(text: string, name: string): boolean {
  const wordsOf = (one: string) =>
    one
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word !== "" && word !== "x")
  const [words, own] = [wordsOf(text), wordsOf(name)]
  const isPart = words.every((word) => own.includes(word)) && words.some((word) => !/^(?:secret|key|token|jwt|session)$/.test(word))
  return words.join() === own.join() || isPart || /^[A-Z]+(?:_[A-Z0-9]+)+$/.test(text) || /^x-[a-z-]+$/i.test(text)
}

// ---------------------------------------------------------------------------- by where it goes

function keyOf(file: PyFile, call: Call): { key: Expr; called: string; isStrict: boolean } | undefined {
  const called = file.qualified(call.func)
  const takes = called === undefined ? undefined : signer(called)
  if (!takes || called === undefined) return undefined
  const key = call.keywords.find(({ arg }) => arg === takes.keyword)?.value ?? call.args[takes.position]
  return key && { key, called, isStrict: takes.takesConstants ?? false }
}

function* asKey(file: PyFile, call: Call): Generator<Secret> {
  const found = keyOf(file, call)
  if (!found) return
  const name = quote(found.called.split(".").slice(-2).join("."))
  for (const { at } of literalsIn(file, "key", found.key)) {
    if (at.value === "" || (found.isStrict && !looksRandom(at.value) && !looksChosen(at.value))) continue
    yield { at, level: "error", name: found.called, message: `the key of ${name} stands in the source (${masked(at.value)})` }
  }
}

// ---------------------------------------------------------------------------- what is fine

/** Names that are used as keys. */
function keysIn(file: PyFile): Set<string> {
  const keys = new Set<string>()
  for (const node of file.all("Call")) {
    const key = keyOf(file, node)?.key
    if (key?.kind === "Name") keys.add(key.id)
  }
  return keys
}

/** Texts that the file refuses (`if key == "changeme"`, `WEAK = {"changeme"}`), and fields that it validates: a validator may refuse anything. */
function refusedIn(file: PyFile): Set<string> {
  const refused = new Set<string>()
  for (const node of file.all("Call", "Compare", "List", "Tuple", "Set")) {
    const items =
      node.kind === "Compare"
        ? [node.left, ...node.comparators]
        : node.kind !== "Call"
          ? node.elts
          : /validator$/.test(lastWord(node.func))
            ? node.args
            : []
    for (const item of items) if (isText(item)) refused.add(item.value)
  }
  return refused
}

/** Does it stand in an example of a schema, or in documentation? */
function isExample(file: PyFile, node: Constant): boolean {
  for (const around of file.around(node)) {
    if (around.kind === "keyword" && around.arg && EXAMPLES.test(around.arg)) return true
    if (
      around.kind === "Dict" &&
      around.keys.some((key, i) => key && isText(key) && EXAMPLES.test(key.value) && holds(around.values[i], node))
    )
      return true
    if (
      (around.kind === "Assign" ? around.targets : around.kind === "AnnAssign" ? [around.target] : []).some((target) =>
        EXAMPLES.test(lastWord(target)),
      )
    )
      return true
    if (around.kind === "ClassDef" && /^(?:Config|Test\w*)$/.test(around.name)) return true
    if ((around.kind === "FunctionDef" || around.kind === "AsyncFunctionDef") && around.name.startsWith("test_")) return true
  }
  return false
}

const EXAMPLES =
  /^(?:openapi_)?examples?$|_examples?$|schema_extra|openapi|^responses$|^description$|^title$|^help$|^pattern$|^alias$|^EXAMPLE/i
const holds = (outer: Node | undefined, inner: Node): boolean => outer !== undefined && outer.start <= inner.start && inner.end <= outer.end

/** `# pragma: allowlist secret` and `# gitleaks:allow` on the line. */
function isAllowed(file: PyFile, node: Constant): boolean {
  const end = file.text.indexOf("\n", node.end)
  return /#.*(?:pragma: ?allowlist secret|gitleaks:allow)/.test(file.text.slice(node.end, end < 0 ? undefined : end))
}

/** Enough to find it again, too little to use it. */
const masked = (text: string): string => `${text.length >= 20 ? `${quote(`${text.slice(0, 4)}…`)}, ` : ""}${text.length} characters`
