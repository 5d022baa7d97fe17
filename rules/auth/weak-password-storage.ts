import {
  ancestryOf,
  argument,
  type Call,
  type ClassValue,
  type Expr,
  enclosingFunction,
  type FileNotes,
  type Finding,
  lastName,
  type Node,
  type Project,
  type PyFile,
  quote,
  rule,
  secretKind,
  type Value,
} from "#rule"

export default rule({
  summary: "A password that is kept readable, or behind a fast hash",
  why: `
Who gets a copy of the table, from a backup, an injection or a colleague's laptop, has every password that stands there in
clear, and with MD5 or SHA-256 nearly every one by the evening: a graphics card tries billions of such hashes a second.
People use their passwords elsewhere too. bcrypt, scrypt and Argon2 are slow on purpose.
`,
  help: "Keep what a password hasher makes of it (`pwdlib`, `argon2-cffi`, `bcrypt`), and compare with its `verify`",
  concern: "security",
  level: "error",
  docs: "https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html",
  equivalents: ["S5344", "S2053"],
  cwe: ["CWE-256", "CWE-916"],
  exemptions: [
    "a fast hash before a slow one, and hashes that look a password up among leaked ones",
    "columns of a type of their own, and classes that hash in a property or a validator",
    "tests, scripts and migrations",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        import hashlib

        def hash_password(password: str) -> str:
            return hashlib.sha256(password.encode()).hexdigest() # expect: \`hashlib.sha256\` of \`password\` is a fast hash

        def authenticate(user, password: str) -> bool:
            return user.password == password # expect: \`user.password\` is compared as it is
      `,
      good: `
        import base64
        import hashlib
        import bcrypt

        def hash_password(password: str) -> bytes:
            return bcrypt.hashpw(base64.b64encode(hashlib.sha256(password.encode()).digest()), bcrypt.gensalt())

        def authenticate(user, password: str) -> bool:
            return bcrypt.checkpw(password.encode(), user.password)
      `,
    },
    {
      bad: `
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel
        from sqlalchemy import Column, Integer, String
        from sqlalchemy.orm import DeclarativeBase, Session

        class Base(DeclarativeBase): ...

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            password = Column(String)

        class SignUp(BaseModel):
            password: str

        app = FastAPI()

        def get_db() -> Session: ...

        @app.post("/signup")
        def sign_up(body: SignUp, db: Session = Depends(get_db)) -> None:
            db.add(User(password=body.password)) # expect: \`User.password\` is filled with \`body.password\` as it is
            db.commit()
      `,
      good: `
        import bcrypt
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel
        from sqlalchemy import Column, Integer, String
        from sqlalchemy.orm import DeclarativeBase, Session

        class Base(DeclarativeBase): ...

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            password = Column(String)

        class SignUp(BaseModel):
            password: str

        app = FastAPI()

        def get_db() -> Session: ...

        @app.post("/signup")
        def sign_up(body: SignUp, db: Session = Depends(get_db)) -> None:
            body.password = bcrypt.hashpw(body.password.encode(), bcrypt.gensalt()).decode()
            db.add(User(password=body.password))
            db.commit()
      `,
    },
  ],

  notes: (file) => (/passw|pwd/i.test(file.text) ? read(file) : undefined),

  *project(project, _, notes: FileNotes<Passwords>[]) {
    const raw = new Map<string, string>()
    for (const { path, notes: own } of notes) {
      for (const { start, end, said, inside } of own.flaws)
        yield { at: { path, start, end }, message: said, scope: inside, discriminator: said }
      for (const [start, text] of Object.entries(own.raw)) raw.set(`${path}:${start}`, text)
    }
    if (raw.size > 0) yield* stored(project, raw)
  },
})

interface Passwords {
  flaws: { start: number; end: number; said: string; inside: string }[]
  /** The text of what is given as `password=` in a call, where it is a password as it came, by where the call starts. */
  raw: Record<number, string>
}

function read(file: PyFile): Passwords | undefined {
  const found: Passwords = { flaws: [], raw: {} }
  const isHashedToo = /\b(?:bcrypt|argon2|scrypt|pbkdf2\w*|passlib|pwdlib|pwned\w*|hibp)\b/i.test(file.text)
  for (const node of file.walk()) {
    const said = node.kind === "Call" && !isHashedToo ? fastHash(file, node) : node.kind === "Compare" ? comparison(file, node) : undefined
    if (said) found.flaws.push({ start: node.start, end: node.end, said, inside: enclosingFunction(node, file)?.name ?? file.path })
    if (node.kind !== "Call") continue
    const given = node.keywords.find(({ arg }) => isPassword(arg ?? ""))?.value
    if (given && isRaw(given) && !isReplaced(file, node, given)) found.raw[node.start] = file.source(given)
  }
  return found.flaws.length > 0 || Object.keys(found.raw).length > 0 ? found : undefined
}

const isPassword = (name: string): boolean => /^(?:user_|hashed_|encrypted_)?(?:password|passwd|pwd)(?:_hash|_digest)?$/i.test(name)

// ---------------------------------------------------------------------------- fast hashes

function fastHash(file: PyFile, call: Call): string | undefined {
  const called = file.qualified(call.func)
  const [given] = call.args
  if (!called || !given || !/^hashlib\.(?:md5|sha1|sha224|sha256|sha384|sha512|sha3_\d+|blake2[bs])$/.test(called)) return undefined
  for (const node of file.walk(given)) {
    if ((node.kind !== "Name" && node.kind !== "Attribute") || secretKind(lastName(node)) !== "password" || isSetting(node)) continue
    const inside = enclosingFunction(call, file)
    // The name of a cache entry or of a lock is no stored password.
    if (inside && /cache|key|etag|finger|id$/i.test(inside.name)) return undefined
    return `${quote(called)} of ${quote(lastName(node))} is a fast hash: a stolen table is read within hours`
  }
  return undefined
}

const isSetting = (node: Node): boolean =>
  node.kind === "Attribute" && (/^[A-Z0-9_]+$/.test(node.attr) || /settings|config|smtp|conf$/i.test(lastName(node.value)))

// ---------------------------------------------------------------------------- as they are

function comparison(file: PyFile, { left, ops, comparators }: Extract<Node, { kind: "Compare" }>): string | undefined {
  const [right] = comparators
  if (ops.length !== 1 || (ops[0] !== "Eq" && ops[0] !== "NotEq") || !right) return undefined
  for (const [kept, given] of [
    [left, right],
    [right, left],
  ] as const) {
    if (
      kept.kind !== "Attribute" ||
      !isPassword(kept.attr) ||
      !/^(?:plain_|raw_)?(?:password|passwd|pwd)$/i.test(lastName(given)) ||
      isSetting(kept)
    )
      continue
    if (
      !/user|account|member|customer|admin|db|record|row|owner|profile/i.test(lastName(kept.value)) ||
      /form|request|body|payload|input|schema|create|login|data/i.test(lastName(kept.value))
    )
      continue
    if (given.kind === "Name" || (given.kind === "Attribute" && !isSetting(given)))
      return `${quote(file.source(kept))} is compared as it is, so passwords are kept readable`
  }
  return undefined
}

const isRaw = (given: Expr): boolean =>
  (given.kind === "Name" && /^(?:plain_|raw_)?(?:password|passwd|pwd)$/i.test(given.id)) ||
  (given.kind === "Attribute" && /^(?:plain_)?(?:password|passwd|pwd)$/i.test(given.attr) && !isSetting(given))

/** Something else is put into it before, in the same function. */
function isReplaced(file: PyFile, call: Call, given: Expr): boolean {
  const fn = enclosingFunction(call, file)
  if (!fn) return true
  const text = file.source(given)
  for (const node of file.walk(fn))
    if ((node.kind === "Assign" || node.kind === "AnnAssign") && node.start < call.start)
      for (const target of node.kind === "Assign" ? node.targets : [node.target]) if (file.source(target) === text) return true
  return false
}

function* stored(project: Project, raw: ReadonlyMap<string, string>): Generator<Finding> {
  for (const { in: fn, event } of raw.size > 0 ? project.bodies.constructions : []) {
    if (fn.role !== "app" || event.callee.is !== "class") continue
    const text = raw.get(`${event.at.path}:${event.at.start}`)
    const column = text && columnOf(project, event.callee)
    if (!text || !column || !argument(event, 99, column)) continue
    yield {
      at: event.at,
      message: `${quote(`${event.callee.def.name}.${column}`)} is filled with ${quote(text)} as it is`,
      routes: project.reach.routesTo(fn),
      scope: fn.id,
      discriminator: column,
    }
  }
}

/** The plain text column that a table keeps the password in. */
function columnOf(project: Project, of: ClassValue): string | undefined {
  const { classes, libraries } = ancestryOf(project, of)
  const isTable =
    [...libraries].some((name) => /^(?:sqlalchemy\.|tortoise\.|beanie\.|mongoengine\.|peewee\.)/.test(name)) || isSQLModelTable(of)
  if (!isTable) return undefined
  for (const one of classes) {
    // A class that has a say in what is put into it.
    if (
      one.def.body.some(
        (item) =>
          /^(?:Async)?FunctionDef$/.test(item.kind) &&
          /password|before_insert|__init__|__setattr__|validate/.test((item as { name: string }).name),
      )
    )
      return undefined
    for (const [name, value] of one.body.entries()) if (isPassword(name) && isPlainColumn(value)) return name
    for (const [name] of one.body.annotations) {
      const given = one.body.own(name)
      if (isPassword(name) && (!given || isPlainColumn(given))) return name
    }
  }
  return undefined
}

const isSQLModelTable = (of: ClassValue): boolean => of.keywords.has("table")

function isPlainColumn(value: Value): boolean {
  if (value.is !== "external" || !/Column\(\)$|mapped_column\(\)$|Field\(\)$/.test(value.name)) return false
  return [...(value.built?.positional ?? []), ...(value.built?.keywords.values() ?? [])].every(
    (given) =>
      given.is !== "class" && given.is !== "instance" && !(given.is === "external" && !/^sqlalchemy\.|^builtins\./.test(given.name)),
  )
}
