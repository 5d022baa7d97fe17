import {
  type Call,
  type Expr,
  enclosingFunction,
  type Finding,
  isTextConstant,
  lastName,
  type Node,
  type PyFile,
  quote,
  rule,
  wordsOf,
} from "#rule"

export default rule({
  summary: "A token, code or signature that can be guessed or forged",
  why: `
\`random\` is made for games and statistics: who sees a few of its numbers computes the next ones, so a reset code made
with it is a code that others can make too. MD5 and SHA-1 can be collided, DES and RC4 are broken, and ECB shows the
pattern of what it hides. Python brings \`secrets\` and SHA-256, which cost no more.
`,
  help: "Make it with `secrets` (`secrets.token_urlsafe()`, `secrets.choice`), sign with HMAC-SHA-256, encrypt with AES-GCM",
  concern: "security",
  level: "warning",
  docs: "https://docs.python.org/3/library/secrets.html",
  equivalents: ["S311", "S324", "S2245", "S4790", "S5542", "S5547", "B303", "B304", "B305", "B311", "B324"],
  cwe: ["CWE-327", "CWE-330", "CWE-338"],
  exemptions: [
    "random numbers that are no secret: jitter, samples, colours, names of files",
    "MD5 and SHA-1 as names of things: cache keys, ETags, deduplication, ids; and with `usedforsecurity=False`",
    "`random.SystemRandom`",
    "tests, scripts and migrations",
  ],
  files: { roles: ["app"], words: ["random", "hashlib", "uuid1", "ECB", "MODE_ECB", "DES", "DES3", "TripleDES", "ARC4", "Blowfish"] },
  examples: [
    {
      bad: `
        import hashlib
        import random
        import string

        def make_reset_token() -> str:
            return "".join(random.choices(string.ascii_letters, k=32)) # expect: \`random.choices\` makes a secret in \`make_reset_token\`

        def send_code(phone: str) -> None:
            otp = str(random.randint(100000, 999999)) # expect: \`random.randint\` makes \`otp\`
            print(phone, len(otp))

        def sign(order: str, key: str) -> str:
            signature = hashlib.md5((order + key).encode()).hexdigest() # expect: \`hashlib.md5\` makes \`signature\`
            return signature
      `,
      good: `
        import hashlib
        import hmac
        import random
        import secrets

        def make_reset_token() -> str:
            return secrets.token_urlsafe(32)

        def send_code(phone: str) -> None:
            otp = f"{secrets.randbelow(1_000_000):06}"
            print(phone, len(otp))

        def sign(order: str, key: str) -> str:
            return hmac.new(key.encode(), order.encode(), hashlib.sha256).hexdigest()

        def delay(attempt: int) -> float:
            return 2**attempt + random.random()

        def etag(body: bytes) -> str:
            return hashlib.md5(body, usedforsecurity=False).hexdigest()
      `,
    },
    {
      bad: `
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        def seal(key: bytes, text: bytes) -> bytes:
            encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor() # expect: ECB
            return encryptor.update(text) + encryptor.finalize()
      `,
      good: `
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        def seal(key: bytes, nonce: bytes, text: bytes) -> bytes:
            return AESGCM(key).encrypt(nonce, text, None)
      `,
    },
  ],

  *file(file) {
    if (!/\brandom\b|hashlib|\bECB|\bDES\b|ARC4|Blowfish|uuid1/.test(file.text)) return
    const told = new Set<Node>()
    for (const node of file.all("Call", "Attribute")) {
      const found = node.kind === "Call" ? ofCall(file, node) : ofCipher(file, node)
      const scope = enclosingFunction(node, file)
      // The first of several draws for one thing.
      if (!found || (scope && found.discriminator === "random" && told.has(scope))) continue
      if (scope && found.discriminator === "random") told.add(scope)
      yield found
    }
  },
})

// ---------------------------------------------------------------------------- random numbers and digests

const RANDOM = /^random\.(?:choices?|randint|randrange|sample|random|getrandbits|randbytes|shuffle|uniform)$/

function ofCall(file: PyFile, call: Call): Finding | undefined {
  const called = file.qualified(call.func)
  if (called === undefined) return undefined
  const isRandom = RANDOM.test(called) || called === "uuid.uuid1"
  const digest = isRandom ? undefined : digestOf(called, call)
  if (!isRandom && digest === undefined) return undefined
  const made = madeBy(file, call, isRandom ? isSecret : isSignature)
  if (made === undefined) return undefined
  const what = made.isFunction ? `a secret in ${quote(made.name)}` : quote(made.name)
  return {
    at: file.at(call.func),
    message: isRandom
      ? `${quote(called)} makes ${what}: its numbers can be foretold`
      : `${quote(called)} makes ${what}: ${digest} can be forged`,
    scope: made.name,
    discriminator: isRandom ? "random" : called,
  }
}

function digestOf(called: string, call: Call): string | undefined {
  const name =
    /^hashlib\.(md5|sha1|md4)$/.exec(called)?.[1] ?? (called === "hashlib.new" && isTextConstant(call.args[0]) ? call.args[0].value : "")
  if (!/^(md4|md5|sha-?1)$/i.test(name)) return undefined
  const isDeclaredHarmless = call.keywords.some(
    ({ arg, value }) => arg === "usedforsecurity" && value.kind === "Constant" && value.value === false,
  )
  return isDeclaredHarmless ? undefined : `a signature with ${name.toUpperCase()}`
}

const SECRET =
  /\b(?:passwords?|passwd|pwd|passcode|otps?|totp|secret|salt|csrf|nonce|challenge|captcha|session (?:id|key|token)|api key|access key|signing key|(?:verification|verify|reset|recovery|confirm(?:ation)?|activation|auth|login|invite|invitation|sms|security|access|one time|pin|backup|referral|mfa|2fa) (?:codes?|number|pin)|magic link)\b/

/** A word of keys: not what a tokenizer or a language model counts. */
const TOKEN =
  /\b(?:(?:access|refresh|auth|reset|session|invite|invitation|verification|api|bearer|csrf|secret|login|magic|confirmation|activation|share|unsubscribe|user|password) token|(?:create|make|generate|gen|new|issue|random|get) (?:\w+ )?token|token)$/

const NO_SECRET =
  /\b(?:test|mock|fake|dummy|sample|example|demo|max|min|num|count|length|size|user ?name|file ?name|next|page|delay|jitter|index|style|bos|eos|pad|mask)\b/

const isSecret = (words: string): boolean => !NO_SECRET.test(words) && (SECRET.test(words) || TOKEN.test(words))
const isSignature = (words: string): boolean =>
  !NO_SECRET.test(words) &&
  /\b(?:signature|signed|hmac|session id|(?:access|auth|reset|session|verification|secret|csrf) (?:token|key))$/.test(words)

/** The name of what a call goes into, where that is a secret: its variable, argument, key or function. */
function madeBy(file: PyFile, call: Call, isIt: (words: string) => boolean): { name: string; isFunction: boolean } | undefined {
  for (const around of file.around(call)) {
    for (const name of namesGiven(around, call)) if (isIt(wordsOf(name))) return { name, isFunction: false }
    if (around.kind === "FunctionDef" || around.kind === "AsyncFunctionDef")
      return isIt(wordsOf(around.name)) ? { name: around.name, isFunction: true } : undefined
    if (around.kind === "ClassDef" || around.kind === "Lambda") return undefined
  }
  return undefined
}

function namesGiven(node: Node, inner: Node): string[] {
  switch (node.kind) {
    case "Assign":
      return node.targets.flatMap((target) => (target.kind === "Tuple" ? target.elts : [target])).map(lastName)
    case "AnnAssign":
    case "NamedExpr":
      return [lastName(node.target)]
    case "keyword":
      return node.arg ? [node.arg] : []
    case "Dict":
      return node.keys.flatMap((key, i) =>
        isTextConstant(key ?? undefined) && holds(node.values[i], inner) ? [lastText(key as Expr)] : [],
      )
    default:
      return []
  }
}

const lastText = (key: Expr): string => (isTextConstant(key) ? key.value : "")
const holds = (outer: Node | undefined, inner: Node): boolean => outer !== undefined && outer.start <= inner.start && inner.end <= outer.end

// ---------------------------------------------------------------------------- ciphers

const BROKEN: [RegExp, string][] = [
  [/\bmodes\.ECB$|\.AES\.MODE_ECB$|\bMODE_ECB$/, "ECB encrypts equal blocks alike, so what it hides shows through"],
  [/^Crypto(?:dome)?\.Cipher\.DES3?\.new$|\balgorithms\.TripleDES$/, "DES is broken"],
  [/^Crypto(?:dome)?\.Cipher\.ARC4\.new$|\balgorithms\.ARC4$/, "RC4 is broken"],
  [/\balgorithms\.Blowfish$/, "Blowfish's blocks are too short"],
]

function ofCipher(file: PyFile, node: Extract<Node, { kind: "Attribute" }>): Finding | undefined {
  const name = file.qualified(node)
  if (name === undefined || !/^(?:Crypto|Cryptodome|cryptography)\./.test(name)) return undefined
  const why = BROKEN.find(([pattern]) => pattern.test(name))?.[1]
  return why === undefined
    ? undefined
    : { at: file.at(node), message: `${quote(name.split(".").slice(-2).join("."))}: ${why}`, discriminator: name }
}
