import {
  type ClassValue,
  type Finding,
  knownBoolean,
  type Level,
  quote,
  type Route,
  remembered,
  routeNames,
  rule,
  type Shown,
  shownFields,
} from "#rule"

export default rule({
  summary: "A response that shows a password or a secret",
  why: `
What the response model holds is sent, to everyone who may call the route, and lands in browsers, proxies and logs. A
password's hash can be cracked at leisure, and a secret that was shown once is none. Such a field is there mostly because
one model serves for what comes in and for what goes out.
`,
  help: "Answer with a model of its own that lacks the field, or declare it with `Field(exclude=True)`",
  concern: "security",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/response-model/#return-the-same-input-data",
  equivalents: ["FASTT010", "FASTT011"],
  cwe: ["CWE-200", "CWE-213"],
  exemptions: [
    "the field is excluded, by itself or by the route; its type shows stars (`SecretStr`) or is a flag",
    "who asks by the secret itself (`/checkouts/{client_secret}`), and client secrets of payments, which are made for browsers",
    "a validator or serializer of the model has a say in the field",
    "what is made for the caller and shown once: a new key, a token at login",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        class User(BaseModel):
            name: str
            hashed_password: str

        app = FastAPI()

        @app.get("/users/{user_id}") # expect: \`GET /users/{user_id}\` shows \`hashed_password\` of \`User\`
        def read_user(user_id: int) -> User:
            return User(name="a", hashed_password="b")
      `,
      good: `
        from fastapi import FastAPI
        from pydantic import BaseModel, Field, SecretStr

        class User(BaseModel):
            name: str
            hashed_password: str = Field(exclude=True)
            password: SecretStr
            password_set: bool = True

        class ApiKey(BaseModel):
            api_secret: str

        app = FastAPI()

        @app.get("/users/{user_id}")
        def read_user(user_id: int) -> User:
            return User(name="a", hashed_password="b", password=SecretStr("c"))

        @app.post("/keys")
        def create_key() -> ApiKey:
            return ApiKey(api_secret="shown once")
      `,
    },
  ],

  *project(project) {
    const groups = new Map<string, { shown: Shown; level: Level; routes: Route[] }>()
    for (const route of project.routes) {
      if (!route.app || !route.response.type || project.role(route.at.path) !== "app" || trimsAnswer(route)) continue
      for (const shown of shownFields(project, route.response.type)) {
        const level = levelOf(shown, route)
        if (!level || isKnownToCaller(shown, route)) continue
        const key = `${shown.model.module}:${shown.model.qualname}.${shown.field.name}`
        const group = groups.get(key) ?? { shown, level, routes: [] }
        if (!group.routes.some(({ own }) => own === route.own)) group.routes.push(route)
        groups.set(key, group)
      }
    }
    for (const { shown, level, routes } of groups.values()) yield finding(shown, level, routes)
  },
})

/**
 * Who asks by it has it already: `/checkouts/{client_secret}`. And the client secret of a payment is made for the browser; one
 * that opens something stands beside a `client_id`.
 */
const isKnownToCaller = ({ field, model }: Shown, { path }: Route): boolean =>
  (path.known && path.value.includes(`{${field.name}}`)) || (field.name === "client_secret" && !hasField(model, "client_id"))

const hasField = (model: ClassValue, name: string): boolean =>
  model.body.annotations.has(name) || model.bases.some((base) => base.is === "class" && hasField(base, name))

function finding({ field, model, path }: Shown, level: Level, routes: Route[]): Finding {
  const [route] = routes as [Route, ...Route[]]
  return {
    at: route.at,
    message: `${routeNames(routes)} ${routes.length === 1 ? "shows" : "show"} ${quote(path)} of ${quote(model.def.name)}`,
    level,
    related: [{ at: field.at, message: `${quote(field.name)} is declared here` }],
    routes,
    scope: model.qualname,
    discriminator: field.name,
  }
}

const PASSWORD =
  /^(?:user_|current_|new_|old_|hashed_|encrypted_)?(?:password|passwd|pwd)(?:_?hash(?:ed)?|_digest|_salt)?$|^(?:pass_?hash|salt|totp_secret|otp_secret|mfa_secret)$/i
const SECRET = /^(?:\w+_)?(?:secret_key|private_key|api_secret|signing_key|encryption_key|webhook_secret)$/i
const TOKEN = /^(?:client_secret|refresh_token|reset_token|verification_token|api_key)$/i

/** What is made for the caller, who sees it once. */
const MAKES = /creat|generat|reset|rotat|regenerat|token|regist|sign_?up|log_?in|auth|issue|enrol|setup|init|new|add/i

function levelOf(shown: Shown, route: Route): Level | undefined {
  const level = gravity(shown, route)
  // Deep in what a client put together itself, and mostly left out: a hint.
  return level === "error" && shown.path.split(".").length > 2 && /\bNone\b/.test(shown.field.type.text) ? "info" : level
}

/** How grave it is to show a field of this name, and whether its maker may see it once. */
const kindOf = remembered((name): { level: Level; isForMaker: boolean } | undefined => {
  if (PASSWORD.test(name)) return { level: "error", isForMaker: false }
  if (SECRET.test(name)) return { level: "error", isForMaker: true }
  return TOKEN.test(name) ? { level: "info", isForMaker: true } : undefined
})

const isMaking = ({ endpoint, path, methods }: Route): boolean =>
  MAKES.test(`${endpoint?.name} ${path.known ? path.value : ""}`) && methods.known && !methods.value.includes("GET")

function gravity({ field, model }: Shown, route: Route): Level | undefined {
  const { name, type, constraints } = field
  const kind = kindOf(name)
  if (!kind || isEntryName(model, name)) return undefined
  const level = kind.isForMaker && isMaking(route) ? undefined : kind.level
  // A field that holds text: flags, stars and what is not known show nothing.
  if (!level || !/\bstr\b|\bbytes\b|constr/i.test(type.text) || /Secret|bool/.test(type.text)) return undefined
  return knownBoolean(constraints.get("exclude")) !== undefined || constraints.has("exclude_if") || hasSay(model, name) ? undefined : level
}

/**
 * `username_key` beside `totp_secret_key`: names of entries in a vault, and not what lies there. A user's name would need no key
 * of its own.
 */
function isEntryName({ body }: ClassValue, name: string): boolean {
  const [ending] = /(?:_aws_secret)?_key$/i.exec(name) ?? []
  return (
    ending !== undefined &&
    [name, ...body.annotations.keys()].some(
      (other) =>
        other.endsWith(ending) && /(^|_)(user_?name|login|e?mail|client_id|url|title|vault)$/i.test(other.slice(0, -ending.length)),
    )
  )
}

/** A function of the class that is registered for the field: `@field_serializer("password")`. */
const hasSay = (model: ClassValue, name: string): boolean =>
  model.def.body.some(
    (item) =>
      (item.kind === "FunctionDef" || item.kind === "AsyncFunctionDef") &&
      item.decorator_list.some(
        (decorator) =>
          decorator.kind === "Call" &&
          (decorator.args.some((given) => given.kind === "Constant" && (given.value === name || given.value === "*")) ||
            /model_serializer/.test(decorator.func.kind === "Name" ? decorator.func.id : "")),
      ),
  )

const trimsAnswer = ({ own }: Route): boolean =>
  own.built.open || own.built.keywords.has("response_model_exclude") || own.built.keywords.has("response_model_include")
