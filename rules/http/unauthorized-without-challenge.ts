import {
  type CallEvent,
  errorAnswer,
  type Finding,
  functionName,
  gathered,
  isHTTPException,
  isScheme,
  knownText,
  lacksPermission,
  type Project,
  quote,
  type Route,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "A 401 that does not say how to authenticate",
  why: `
A 401 must carry \`WWW-Authenticate\`: it is how a client, a proxy or an SDK learns which scheme is asked for, and how
\`curl --anyauth\` and browsers decide what to do next. FastAPI's own security schemes send it; an \`HTTPException\` built by
hand does not.
`,
  help: 'Pass `headers={"WWW-Authenticate": "Bearer"}`',
  concern: "correctness",
  level: "info",
  docs: "https://fastapi.tiangolo.com/tutorial/security/simple-oauth2/",
  equivalents: [],
  exemptions: [
    "routes without a bearer, basic or digest scheme: webhooks that are signed, cookies, API keys",
    "projects whose own handler for `HTTPException` may add the header",
    "headers that are not known",
    "the 401 that should be a 403: `http/misleading-status` says so",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_user(token: str = Depends(scheme)):
            if token != "secret":
                raise HTTPException(status_code=401, detail="Invalid token") # expect: \`get_user\` answers 401 without \`WWW-Authenticate\`
            return token

        @app.get("/me")
        def read_me(user: str = Depends(get_user)):
            return user
      `,
      good: `
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_user(token: str = Depends(scheme)):
            if token != "secret":
                raise HTTPException(401, "Invalid token", {"WWW-Authenticate": "Bearer"})
            return token

        @app.get("/me")
        def read_me(user: str = Depends(get_user)):
            return user
      `,
    },
  ],

  *project(project) {
    yield* gathered(findingsIn(project), (count) => `${count} refusals of this file answer 401 without ${quote("WWW-Authenticate")}`)
  },
})

function* findingsIn(project: Project): Generator<Finding> {
  if (addsHeaders(project)) return
  const guarded = new Set(project.routes.filter((route) => usesHttpAuthentication(project, route)))
  for (const { in: fn, event } of project.bodies.raises) {
    if (fn.role !== "app" || event.value?.is !== "external" || !event.value.built) continue
    const answer = errorAnswer(event.value)
    // Somebody who lacks a permission has said who they are: what is wrong there is the 401.
    if (answer?.status !== 401 || lacksPermission(answer.detail) || (answer.headers && !isPlain(answer.headers))) continue
    const routes = project.reach.running(fn) === "request" ? project.reach.routesTo(fn) : []
    if (!routes.some((route) => guarded.has(route))) continue
    yield {
      at: event.value.built.at,
      message: `${quote(functionName(fn))} answers 401 without ${quote("WWW-Authenticate")}`,
      routes,
      scope: fn.id,
      discriminator: answer.detail,
    }
  }
}

/** Headers that are known, and of which none is the one that is missing. */
const isPlain = (headers: Value): boolean =>
  (headers.is === "literal" && headers.type === "NoneType") ||
  (headers.is === "mapping" &&
    !headers.open &&
    headers.entries.every(([key]) => {
      const name = knownText(key)?.toLowerCase()
      return name !== undefined && name !== "www-authenticate"
    }))

/** Asks for a scheme that has a challenge: a bearer token, basic or digest. */
const usesHttpAuthentication = (project: Project, { dependencies }: Route): boolean =>
  dependencies.some(
    ({ value }) =>
      isScheme(project, value) &&
      !(value.is === "external" && /APIKey/.test(value.name)) &&
      !(value.is === "instance" && value.of.bases.some((base) => base.is === "external" && /APIKey/.test(base.name))),
  )

/** May a handler for HTTPException of the project's own add the header? */
const addsHeaders = (project: Project): boolean =>
  project.apps.some(({ exceptionHandlers }) =>
    exceptionHandlers.some(({ exception, handler }) => {
      if (exception.is === "external" && !isHTTPException(exception.name)) return false
      if (exception.is !== "external" && exception.is !== "literal") return false
      const fn = project.functionOf(handler)
      return fn?.events.some((event) => event.is === "call" && setsHeaders(event)) ?? true
    }),
  )

/** Headers of its own making, rather than those of the exception; or something that is done to headers. */
function setsHeaders({ name = "", keywords, open }: CallEvent): boolean {
  const given = keywords.get("headers")
  const isTaken = given === undefined || (given.is === "external" && /\.headers$/.test(given.name))
  return !isTaken || open || /headers/.test(name)
}
