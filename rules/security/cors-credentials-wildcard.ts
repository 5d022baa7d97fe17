import {
  type App,
  type Call,
  type ClassValue,
  type FileNotes,
  type Finding,
  knownBoolean,
  knownText,
  type Middleware,
  options,
  type Place,
  type Project,
  type PyFile,
  quote,
  rule,
  type Value,
} from "#rule"

export default rule({
  summary: "CORS that lets every site read what a logged-in user sees",
  why: `
With \`allow_origins=["*"]\` and \`allow_credentials=True\` Starlette answers every origin with that origin's own name and
allows credentials, so the browser's rule against \`*\` with cookies does not help. Any page that a logged-in user
visits can call the API in the user's name and read the answers.
`,
  help: "List the origins of your own front ends, or drop `allow_credentials`",
  concern: "security",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/cors/",
  equivalents: ["FASTT015", "S5122"],
  cwe: ["CWE-942", "CWE-346"],
  exemptions: [
    'origins or credentials that configuration gives and no literal in the code; a default of `["*"]` in settings is told as a warning',
    "middleware added in a branch for debugging, local use or tests",
  ],
  files: { words: ["allow_origins", "allow_origin_regex"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware

        app = FastAPI()
        app.add_middleware(
            CORSMiddleware,
            allow_origins=["*"], # expect: Every origin may send credentials
            allow_credentials=True,
        )
      `,
      good: `
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware

        app = FastAPI()
        app.add_middleware(
            CORSMiddleware,
            allow_origins=["https://shop.example"],
            allow_credentials=True,
        )
      `,
    },
  ],

  notes: originsIn,

  *project(project, _, notes: FileNotes<Record<number, [start: number, end: number, isDefault: boolean]>>[]) {
    const places = new Map(notes.map(({ path, notes: own }) => [path, own]))
    const placeOf = ({ built, at }: Middleware): Place => {
      const [start, end] = places.get(built.at.path)?.[built.at.start] ?? []
      return start === undefined || end === undefined ? at : { path: built.at.path, start, end }
    }
    for (const app of project.apps) {
      for (const middleware of app.middleware) {
        if (!isCors(middleware) || isForDevelopment(middleware)) continue
        if (!allowsCredentials(middleware)) {
          if (places.get(middleware.built.at.path)?.[middleware.built.at.start]?.[2])
            yield {
              at: placeOf(middleware),
              message: `Every origin may send credentials unless configuration says otherwise: ${quote('["*"]')} and ${quote("True")} are what it falls back to`,
              level: "warning",
              scope: nameOf(app),
              discriminator: "default",
            }
          continue
        }
        const by = everyOrigin(middleware)
        if (by !== undefined) {
          yield {
            at: placeOf(middleware),
            ...fromSettings(project, middleware, placeOf(middleware)),
            message: `Every origin may send credentials: ${by} with ${quote("allow_credentials=True")} lets any site read answers in a user's name`,
            scope: nameOf(app),
          }
        } else yield* byDefault(project, app, middleware, placeOf(middleware))
      }
      yield* openedByParent(app)
    }
  },
})

/** Where the origins of each call stand. */
function originsIn(file: PyFile): Record<number, [number, number, boolean]> | undefined {
  const found: Record<number, [number, number, boolean]> = {}
  for (const node of file.all("Call")) {
    const given = node.keywords.find(({ arg }) => arg === "allow_origins" || arg === "allow_origin_regex")
    if (given) found[node.start] = [given.start, given.end, isOpenByDefault(node)]
  }
  return Object.keys(found).length > 0 ? found : undefined
}

/** The field of settings that the origins are read from, as a trace. */
function fromSettings(project: Project, { built }: Middleware, at: Place): Pick<Finding, "trace"> {
  const field = fieldBehind(project, built.keywords.get("allow_origins"))
  if (!field) return {}
  return {
    trace: [
      { at: field.at, message: `is ${quote('["*"]')} where nothing is set`, symbol: field.owner.def.name },
      { at, message: "is what CORS admits" },
    ],
  }
}

/** A class attribute with a default, and where it stands. */
interface Setting {
  name: string
  owner: ClassValue
  at: Place
}

function fieldBehind({ classes, player }: Project, origins: Value | undefined): Setting | undefined {
  for (const owner of origins ? classes : [])
    for (const [name, value] of owner.body.entries()) {
      if (!/origin|host|cors/i.test(name) || !origins || !isDefaultOf(value, origins)) continue
      const statement = owner.def.body.find((item) => item.kind === "AnnAssign" && item.target.kind === "Name" && item.target.id === name)
      return { name, owner, at: player.place(owner.module, statement ?? owner.def.name_span) }
    }
  return undefined
}

/** `allow_origins=config.get("origins", default=["*"]), allow_credentials=config.get("credentials", default=True)`. */
function isOpenByDefault({ keywords }: Call): boolean {
  const defaultOf = (name: string) => {
    const value = keywords.find(({ arg }) => arg === name)?.value
    return value?.kind === "Call" ? value.keywords.find(({ arg }) => arg === "default")?.value : value
  }
  const [origins, credentials] = [defaultOf("allow_origins"), defaultOf("allow_credentials")]
  const isStar = origins?.kind === "List" && origins.elts.some((item) => item.kind === "Constant" && item.value === "*")
  return isStar && credentials?.kind === "Constant" && credentials.value === true
}

/** Settings whose default admits every origin: what a deployment gets that sets nothing. */
function* byDefault(project: Project, app: App, middleware: Middleware, at: Place): Generator<Finding> {
  const origins = middleware.built.keywords.get("allow_origins")
  if (!origins || !options(origins).every(isStarByDefault)) return
  const field = fieldBehind(project, origins)
  const said = field
    ? `${quote(`${field.owner.def.name}.${field.name}`)} is ${quote('["*"]')} by default`
    : `the origins are ${quote('["*"]')} by default`
  yield {
    at,
    message: `Every origin may send credentials unless configuration says otherwise: ${said}, with ${quote("allow_credentials=True")}`,
    level: "warning",
    ...fromSettings(project, middleware, at),
    scope: nameOf(app),
    discriminator: "default",
  }
}

/** Is this default what the origins are, or what is in them? */
const isDefaultOf = (given: Value, origins: Value): boolean =>
  given === origins ||
  (origins.is === "sequence" &&
    origins.items.some((item) => isAssumed(item)) &&
    (given.is === "sequence" ? sameItems(given.items, origins.items) : knownText(given) === "*" && origins.items.includes(given)))

const sameItems = (a: readonly Value[], b: readonly Value[]): boolean =>
  a.length === b.length && a.every((item, i) => knownText(item) !== undefined && knownText(item) === knownText(b[i]))

const isStarByDefault = (value: Value): boolean =>
  value.is === "sequence" && value.items.some((item) => knownText(item) === "*" && isAssumed(item))

/** A parent that answers every origin in front of a mounted app whose own CORS allows credentials: neither call shows it alone. */
function* openedByParent(app: App) {
  const wide = app.middleware.find(
    (middleware) => isCors(middleware) && !middleware.maybe && !allowsCredentials(middleware) && everyOrigin(middleware) !== undefined,
  )
  if (!wide) return
  for (const { app: child } of app.served.filter((entry) => entry.kind === "mount")) {
    const inner = child?.middleware.find((middleware) => isCors(middleware) && !middleware.maybe && allowsCredentials(middleware))
    if (!child || !inner || everyOrigin(inner) !== undefined) continue
    yield {
      at: wide.at,
      message: `Every origin may send credentials to ${quote(nameOf(child))}: it is mounted below, and its CORS allows them`,
      help: "List the origins here too, or add CORS to the two apps side by side",
      related: [{ at: inner.at, message: `${quote("allow_credentials=True")} is given here` }],
      scope: nameOf(app),
      discriminator: nameOf(child),
    }
  }
}

const isCors = ({ name }: Middleware): boolean => name === "starlette.middleware.cors.CORSMiddleware"

/** Only a literal: a default that a deployment may change proves nothing. */
function allowsCredentials({ built }: Middleware): boolean {
  const given = built.keywords.get("allow_credentials")
  return knownBoolean(given) === true && !isAssumed(given)
}

/** What admits every origin, in words; undefined where nothing certainly does. */
function everyOrigin({ built }: Middleware): string | undefined {
  const origins = built.keywords.get("allow_origins")
  if (origins && options(origins).every(holdsStar)) return quote('allow_origins=["*"]')
  const regex = built.keywords.get("allow_origin_regex")
  const pattern = isAssumed(regex) ? undefined : knownText(regex)
  return pattern !== undefined && matchesEverything(pattern) ? quote(`allow_origin_regex=${JSON.stringify(pattern)}`) : undefined
}

const holdsStar = (value: Value): boolean =>
  value.is === "sequence"
    ? value.items.some((item) => knownText(item) === "*" && !isAssumed(item))
    : knownText(value) === "*" && !isAssumed(value)

const isAssumed = (value: Value | undefined): boolean => (value?.is === "text" || value?.is === "literal") && (value.assumed ?? false)

/** `.*` and what is as wide. */
const matchesEverything = (pattern: string): boolean =>
  /^\^?(\(?(\.[*+]|https\?:\/\/\.[*+]|http(s)?:\/\/\.[*+]|\[\\s\\S\][*+])\)?)\$?$/.test(pattern)

/** Where the condition is not seen, the branch may be one for development. */
const isForDevelopment = ({ maybe, reads }: Middleware): boolean =>
  maybe && (!reads || reads.some((name) => /debug|dev|local|test|prod|env|stage|staging|mode\b/i.test(name)))

const nameOf = (app: App): string => app.name ?? "app"
