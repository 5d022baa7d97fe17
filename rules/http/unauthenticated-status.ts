import {
  type CallEvent,
  type Dependency,
  type Event,
  errorAnswer,
  type Fn,
  options,
  type Project,
  quote,
  type RaiseEvent,
  rule,
  tokenReader,
  type Value,
} from "#rule"

export default rule({
  summary: "A caller who cannot prove who they are is not answered 401",
  why: `
401 tells a client that its credentials are missing, wrong or expired, and that new ones would help: clients log in again,
refresh tokens, and retry on it. 403 says that the caller is known and may not, 404 that the resource does not exist, and
400 that the request is malformed; on none of them does a client ask its user to log in. 404 for a name and another status
for a password also tell a stranger which accounts exist.
`,
  help: 'Answer 401 with `headers={"WWW-Authenticate": "Bearer"}`',
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/security/simple-oauth2/",
  equivalents: [],
  exemptions: [
    "refusals that say something else: inactive or locked accounts, missing privileges, too many attempts",
    "tokens that are not about who is asking: for passwords to reset, addresses to confirm, invitations",
    "statuses that are not known, and exceptions of the project's own",
  ],
  examples: [
    {
      bad: `
        import jwt
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")
        users = {}

        def get_user(token: str = Depends(scheme)):
            try:
                claims = jwt.decode(token, "key", algorithms=["HS256"])
            except jwt.InvalidTokenError:
                raise HTTPException(status_code=403, detail="Could not validate credentials") # expect: \`get_user\` answers a token that is not valid with 403
            user = users.get(claims["sub"])
            if user is None:
                raise HTTPException(404, "User not found") # expect: \`get_user\` answers a token whose user does not exist with 404
            return user

        @app.get("/me")
        def read_me(user=Depends(get_user)):
            return user
      `,
      good: `
        import jwt
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")
        users = {}

        def get_user(token: str = Depends(scheme)):
            wrong = HTTPException(401, "Could not validate credentials", {"WWW-Authenticate": "Bearer"})
            try:
                claims = jwt.decode(token, "key", algorithms=["HS256"])
            except jwt.InvalidTokenError:
                raise wrong
            user = users.get(claims["sub"])
            if user is None:
                raise wrong
            if not user.is_admin:
                raise HTTPException(403, "Not enough privileges")
            return user

        @app.get("/me")
        def read_me(user=Depends(get_user)):
            return user
      `,
    },
    {
      bad: `
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordRequestForm

        app = FastAPI()
        users = {}

        @app.post("/token")
        def login(form: OAuth2PasswordRequestForm = Depends()):
            user = users.get(form.username)
            if not user or user.password != form.password:
                raise HTTPException(400, "Incorrect username or password") # expect: \`login\` answers wrong credentials with 400
            if not user.is_active:
                raise HTTPException(403, "Inactive user")
            return {"access_token": user.name, "token_type": "bearer"}
      `,
      good: `
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordRequestForm

        app = FastAPI()
        users = {}

        @app.post("/token")
        def login(form: OAuth2PasswordRequestForm = Depends()):
            user = users.get(form.username)
            if not user or user.password != form.password:
                raise HTTPException(401, "Incorrect username or password", {"WWW-Authenticate": "Bearer"})
            if not user.is_active:
                raise HTTPException(403, "Inactive user")
            return {"access_token": user.name, "token_type": "bearer"}
      `,
    },
  ],

  *project(project) {
    const readers = credentialReaders(project)
    for (const { in: fn, event } of project.bodies.raises) {
      const answer = fn.role === "app" && event.value ? errorAnswer(event.value) : undefined
      if (!event.value || !answer || !MISLEADING.has(answer.status) || OTHER_REASONS.test(answer.detail)) continue
      if (project.reach.running(fn) !== "request" || OTHER_TOKENS.test(fn.name) || isAboutShape(event)) continue
      const readsToken = readers.has(fn) || decodes(fn)
      const logsIn = isLogin(fn)
      const what = (logsIn && wrongLogin(fn, answer.detail)) || (readsToken && wrongToken(fn, event, answer.detail, readers.has(fn)))
      if (!what) continue
      yield {
        // Where the status is written: often before the `raise`, and once for several of them.
        at: event.value.is === "external" && event.value.built ? event.value.built.at : event.at,
        message: `${quote(fn.name)} answers ${what} with ${answer.status}, not 401`,
        routes: project.reach.routesTo(fn),
        scope: fn.id,
        discriminator: `${what} ${answer.status}`,
      }
    }
  },
})

/** What was looked for in an answer is not there: a fault of the server, and of nobody's credentials. */
const isAboutShape = ({ within }: RaiseEvent): boolean =>
  within.some(
    (around) =>
      around.is === "handler" && around.handler.types.some((type) => type.is === "external" && type.name === "builtins.StopIteration"),
  )

const MISLEADING = new Set([400, 403, 404, 422])

/** Functions that deal in tokens which prove something else than who is calling. */
const OTHER_TOKENS =
  /reset|recover|confirm|verif(y|ication)_?(e?mail|account|phone)|invit|unsubscribe|webhook|upload|download|activat|captcha/i

/** What else a refusal may be about. */
const OTHER_REASONS =
  /inactive|not (yet )?active|disabled?|deactivated|blocked|locked|suspended|banned|verif(y|ied) (your|the)? ?(e-?mail|account|phone)|not (been )?(verified|confirmed)|privilege|permission|scope|\brole|admin|superuser|owner|not allowed|forbidden|access denied|no access|too many|attempts|limit|quota|subscription|organi[sz]ation|e-?mail address|does not support|workspace|tenant|licen[cs]e|domain|csrf|origin|only|deleted/i

// ---------------------------------------------------------------------------- log-in

const isForm = (value: Value | undefined): boolean =>
  value !== undefined &&
  options(value).some((option) => {
    const of = option.is === "generic" ? option.args[0] : option
    return of?.is === "external" && /^fastapi\.security\.(oauth2\.)?OAuth2PasswordRequestForm(Strict)?$/.test(of.name)
  })

const asksForPassword = ({ parameters }: Fn): boolean => parameters.some(({ annotation }) => isForm(annotation?.value))

const LOGIN = /^(async_|api_|handle_|user_|auth_)*(log_?in|sign_?in|authenticate)(_|$)/i
const isLogin = (fn: Fn): boolean => asksForPassword(fn) || LOGIN.test(fn.name)

const SAYS_WRONG =
  /(incorrect|invalid|wrong|bad|unknown|mismatch\w*)[\w ,/'’-]*(credential|password|passcode|login|log-in|e-?mail|user ?name|otp|totp)|(credential|password|login|log-in|otp|totp)[\w ,:;/'’-]*(incorrect|invalid|wrong|mismatch|failed|do(es)? not match|not match)|login failed|could not validate credentials|authentication failed/i
const SAYS_NOBODY = /(user|account|e-?mail)[\w ,/'’-]*(not found|does ?n[o']t exist|not exist|not registered)|no (such )?(user|account)/i

function wrongLogin(fn: Fn, detail: string): string | undefined {
  if (SAYS_WRONG.test(detail)) return "wrong credentials"
  return asksForPassword(fn) && SAYS_NOBODY.test(detail) ? "a name that nobody has" : undefined
}

// ---------------------------------------------------------------------------- tokens

/** Functions that are handed what a security scheme took from the request: by the scheme, or by a dependency that only reads it. */
function credentialReaders(project: Project): Set<Fn> {
  const readers = new Set<Fn>()
  const look = (fn: Fn | undefined, asked: readonly Dependency[]): void => {
    const own = asked.filter(({ level }) => level === "parameter")
    if (fn && own.some((dependency) => dependency.security || isPlainReader(dependency))) readers.add(fn)
    for (const dependency of asked) look(dependency.call, dependency.dependencies)
  }
  for (const route of project.routes) look(route.endpoint, route.asks)
  return readers
}

/** A dependency that takes the credential out of the request, and gives it on as text. */
const isPlainReader = ({ call, dependencies }: Dependency): boolean =>
  dependencies.some(({ security }) => security) && call?.returns?.value.is === "external" && call.returns.value.name === "builtins.str"

const isDecoding = ({ name }: CallEvent): boolean => name !== undefined && tokenReader(name)?.verifies === "yes"

const decodings = (fn: Fn): CallEvent[] => fn.events.filter((event): event is CallEvent => event.is === "call" && isDecoding(event))

const decodes = (fn: Fn): boolean => decodings(fn).length > 0

/** A function that decodes a token, or calls one that does. */
const reads = (event: Event): boolean => event.is === "call" && (isDecoding(event) || (event.fn !== undefined && decodes(event.fn)))

const SAYS_TOKEN = /credential|token|jwt|payload|authenticat|authorization|header|bearer|api[ _-]?key|signature|session|expired|log ?in/i

function wrongToken(fn: Fn, raised: RaiseEvent, detail: string, isReader: boolean): string | undefined {
  const reading = fn.events.filter(reads)
  const handler = raised.within.findLast(({ is }) => is === "handler")
  // The body of the `try` that this handler guards.
  const guards = (event: Event) =>
    handler?.is === "handler" && event.within.some((around) => around.is === "try" && around.handlers.includes(handler.handler))
  if (reading.some(guards)) return "a token that is not valid"
  if (reading.length > 0 && SAYS_NOBODY.test(detail) && isBeforeUse(raised, reading)) return "a token whose user does not exist"
  const isChecked = reading.length > 0 || isReader
  return isChecked && SAYS_TOKEN.test(detail) ? "a credential that is not valid" : undefined
}

/** Right after the token was read, rather than about another user that the request names. */
const isBeforeUse = (raised: RaiseEvent, reading: readonly Event[]): boolean =>
  reading.some(({ at }) => at.start < raised.at.start) && !raised.within.some(({ is }) => is === "loop" || is === "nested")
