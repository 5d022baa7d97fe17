import {
  type CallEvent,
  type FileNotes,
  type Finding,
  type Fn,
  isNone,
  knownBoolean,
  knownText,
  type Level,
  type Project,
  type PyFile,
  parameterBehind,
  quote,
  rule,
  shortName,
  tokenReader,
  type Value,
} from "#rule"

export default rule({
  summary: "A token whose signature is not checked",
  why: `
Anybody can write a token that says \`"sub": "admin"\`. Only its signature tells who wrote it, and a decoder that is told
not to look at the signature, or to accept the algorithm that the token itself names, believes every word of it. Tests
do not notice, since honest tokens still pass.
`,
  help: 'Verify with one fixed algorithm: `jwt.decode(token, key, algorithms=["HS256"])`',
  concern: "security",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/",
  equivalents: ["S5659"],
  cwe: ["CWE-347"],
  exemptions: [
    "the same token is verified as well: before, after, or by what calls this function; or the route is guarded",
    "headers that are read to choose the key",
    "a token that no client sent: one that was made here, or came with a provider's answer",
    "options and algorithms that are not known, and checks other than that of the signature (`verify_exp`)",
  ],
  examples: [
    {
      bad: `
        import jwt
        from fastapi import FastAPI, Header

        app = FastAPI()

        @app.get("/me")
        def read_me(authorization: str = Header()):
            claims = jwt.decode(authorization, options={"verify_signature": False}) # expect: \`jwt.decode\` is told not to check the signature
            return claims["sub"]
      `,
      good: `
        import jwt
        from fastapi import FastAPI, Header

        app = FastAPI()
        keys = {}

        @app.get("/me")
        def read_me(authorization: str = Header()):
            kid = jwt.get_unverified_header(authorization)["kid"]
            claims = jwt.decode(authorization, keys[kid], algorithms=["RS256"], options={"verify_exp": False})
            return claims["sub"]
      `,
    },
    {
      bad: `
        import os
        from fastapi import Depends, FastAPI
        from fastapi.security import OAuth2PasswordBearer
        from jose import jwt

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")
        KEY = os.environ["JWT_KEY"]

        def get_user(token: str = Depends(scheme)):
            return jwt.decode(token, KEY) # expect: accepts whatever algorithm the token names

        def get_guest(token: str = Depends(scheme)):
            return jwt.decode(token, KEY, algorithms=["HS256", "none"]) # expect: accepts tokens without a signature

        @app.get("/me")
        def read_me(user=Depends(get_user), guest=Depends(get_guest)):
            return user
      `,
      good: `
        import os
        from fastapi import Depends, FastAPI
        from fastapi.security import OAuth2PasswordBearer
        from jose import jwt

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")
        KEY = os.environ["JWT_KEY"]

        def get_user(token: str = Depends(scheme)):
            return jwt.decode(token, KEY, algorithms=["HS256"])

        @app.get("/me")
        def read_me(user=Depends(get_user)):
            return user
      `,
    },
  ],

  notes: (file) => (/\bjwt|jose\b/.test(file.text) ? tokensIn(file) : undefined),

  *project(project, _, notes: FileNotes<Tokens>[]) {
    const tokens = new Map(notes.map(({ path, notes: own }) => [path, own]))
    for (const { in: fn, event } of project.bodies.callsOf(tokenReader)) {
      const flaw = fn.role === "app" ? flawOf(event) : undefined
      if (!flaw) continue
      if (flaw.isBlind && !isTrusted(project, fn, event, tokens.get(fn.path)?.[event.at.start])) continue
      yield finding(project, fn, event, flaw)
    }
  },
})

/** Is an unverified token believed: one that a client sent, and that nothing else verifies? */
const isTrusted = (project: Project, fn: Fn, event: CallEvent, origin: string | undefined): boolean =>
  project.reach.running(fn) === "request" &&
  isFromClient(project, fn, origin) &&
  !isGuarded(project, fn) &&
  !isVerifiedToo(project, fn, event)

function finding(project: Project, fn: Fn, event: CallEvent, { message, help, level }: Flaw): Finding {
  const isOfRequest = project.reach.running(fn) === "request"
  return {
    at: event.at,
    message: `${quote(shortName(event.name as string))} ${message}`,
    level: level ?? (isOfRequest ? "error" : "warning"),
    ...(help && { help }),
    routes: project.reach.routesTo(fn),
    scope: fn.id,
    discriminator: event.name as string,
  }
}

// ---------------------------------------------------------------------------- what is wrong with one call

interface Flaw {
  message: string
  help?: string
  level?: Level
  /** The signature is not looked at, where another call may do so. */
  isBlind: boolean
}

function flawOf(event: CallEvent): Flaw | undefined {
  const reader = event.name === undefined ? undefined : tokenReader(event.name)
  if (!reader || event.name === undefined) return undefined
  if (reader.verifies === "no") {
    if (/_headers?$/.test(event.name)) return undefined
    return { message: "returns claims without checking who signed them", isBlind: true }
  }
  const { options, algorithms } = reader
  if (options && isFalse(entryOf(given(event, options), "verify_signature")))
    return { message: "is told not to check the signature", isBlind: true }
  if (reader.switch && isFalse(given(event, reader.switch))) {
    const { keyword, until } = reader.switch
    if (!until) return { message: "is told not to check the signature", isBlind: true }
    return {
      message: `is told not to check the signature, with ${quote(`${keyword}=False`)} (${reader.library} ${until} and later ignore it)`,
      level: "warning",
      isBlind: true,
    }
  }
  if (!algorithms) return undefined
  const accepted = given(event, algorithms)
  if (accepted && listed(accepted).some((name) => name.toLowerCase() === "none"))
    return { message: `accepts tokens without a signature: ${quote(`"none"`)} is among its ${quote(algorithms.keyword)}`, isBlind: false }
  const isMissing = accepted ? isNone(accepted) : !event.open
  if (!isMissing || algorithms.without === "safe") return undefined
  if (algorithms.without === "any")
    return { message: `accepts whatever algorithm the token names: ${quote(algorithms.keyword)} is missing`, isBlind: false }
  // A key that says its algorithm (`PyJWK`) needs none beside it.
  const key = reader.key === undefined ? undefined : (event.positional[reader.key] ?? event.keywords.get("key"))
  if (!key || !isPlainKey(key)) return undefined
  return {
    message: `has no ${quote(algorithms.keyword)}: ${reader.library} 2 raises, and older versions accept whatever the token names`,
    level: "warning",
    isBlind: false,
  }
}

const given = (event: CallEvent, at: { position: number; keyword: string }): Value | undefined =>
  event.keywords.get(at.keyword) ?? event.positional[at.position]

const entryOf = (value: Value | undefined, name: string): Value | undefined =>
  value?.is === "mapping" ? value.entries.findLast(([key]) => knownText(key) === name)?.[1] : undefined

const isFalse = (value: Value | undefined): boolean => knownBoolean(value) === false && !(value?.is === "literal" && value.assumed)

const listed = (value: Value): string[] => (value.is === "sequence" ? value.items : [value]).flatMap((item) => knownText(item) ?? [])

/** Text, or text from the environment. */
const isPlainKey = (key: Value): boolean => key.is === "text" || (key.is === "external" && /^os\.(getenv|environ)/.test(key.name))

// ---------------------------------------------------------------------------- whose token it is

/** For each call that reads a token, by where it starts: the parameter that the token comes from, if it comes from one. */
type Tokens = Record<number, string>

function tokensIn(file: PyFile): Tokens | undefined {
  const found: Tokens = {}
  for (const node of file.all("Call")) {
    if (node.func.kind !== "Attribute" || !/^decode|^get_unverified_claims$/.test(node.func.attr)) continue
    const token = node.args[0] ?? node.keywords.find(({ arg }) => arg === "token" || arg === "jwt")?.value
    const origin = token && parameterBehind(file, token, MAKES)
    if (origin !== undefined) found[node.start] = origin
  }
  return Object.keys(found).length > 0 ? found : undefined
}

/** Called to get a token that did not exist before, or from somebody who is asked for it. */
const MAKES =
  /create|make|generate|issue|encode|sign|mint|build|login|authenticate|exchange|refresh|fetch|request|acquire|^(?:post|put|send)$/i

/** Did a client send the token? Where the function is a helper: to a function that FastAPI calls, under a name of tokens. */
function isFromClient(project: Project, fn: Fn, origin: string | undefined): boolean {
  if (origin === undefined) return false
  const called = calledByFastAPI(project)
  if (called.has(fn)) return true
  if (/id_?token/i.test(origin)) return false
  let callers = [fn]
  for (let depth = 0; depth < 3; depth++) {
    callers = callers.flatMap((caller) => project.reach.callersOf(caller))
    if (
      callers.some(
        (caller) => called.has(caller) && caller.parameters.some(({ name }) => /token|authorization|credential|jwt|bearer/i.test(name)),
      )
    )
      return true
  }
  return false
}

const entrances = new WeakMap<Project, Set<Fn>>()

/** Endpoints and dependencies. */
function calledByFastAPI(project: Project): Set<Fn> {
  let all = entrances.get(project)
  if (!all) {
    all = new Set(
      project.routes.flatMap(({ endpoint, dependencies }) =>
        [endpoint, ...dependencies.map(({ call }) => call)].filter((fn) => fn !== undefined),
      ),
    )
    entrances.set(project, all)
  }
  return all
}

// ---------------------------------------------------------------------------- where another look is taken

/** Is the route of this endpoint guarded by a dependency or middleware, which reads the same token before? */
function isGuarded(project: Project, fn: Fn): boolean {
  const routes = project.reach.routesTo(fn).filter(({ endpoint }) => endpoint === fn)
  return routes.length > 0 && routes.every(({ auth }) => auth.answer === "yes" && auth.level !== "body")
}

/** Does something around this function verify a token too: what it calls, or what calls it? */
function isVerifiedToo(project: Project, fn: Fn, flawed: CallEvent): boolean {
  const around = new Set([fn])
  for (const caller of project.reach.callersOf(fn)) {
    around.add(caller)
    for (const above of project.reach.callersOf(caller)) around.add(above)
  }
  const open = [...around].map((one) => ({ fn: one, depth: 0 }))
  for (let next = open.pop(); next; next = open.pop()) {
    for (const event of next.fn.events) {
      if (event.is !== "call" || event === flawed) continue
      if (event.name !== undefined && tokenReader(event.name)?.verifies === "yes" && !flawOf(event)) return true
      // `asyncio.to_thread(jwt.decode, token, ...)`
      if (event.positional.some((value) => value.is === "external" && tokenReader(value.name)?.verifies === "yes")) return true
      if (event.name !== undefined && /\b(verify_oauth2_token|verify_id_token|verify_token|verify_firebase_token)$/.test(event.name))
        return true
      for (const { fn: callee } of event.callees) {
        if (!callee || around.has(callee) || next.depth > 3) continue
        around.add(callee)
        open.push({ fn: callee, depth: next.depth + 1 })
      }
    }
  }
  return false
}
