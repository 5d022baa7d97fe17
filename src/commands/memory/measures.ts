import { plural } from "#lint"
import { itemsOf, knownBoolean, knownText, type Value } from "#python"
import { code, counted, type Facts, libraryName, most, short, some, type Topic } from "./facts.ts"
import { isSettings } from "./models.ts"

/** A technique, and the library calls that show it. */
const TECHNIQUES: [what: string, calls: RegExp][] = [
  ["work is handed to threads", /(?:run_in_threadpool|to_thread(?:\.run_sync)?|run_in_executor|run_sync)$/],
  ["work goes on after the response", /BackgroundTasks(?:\(\))?\.add_task$/],
  ["things run side by side", /^(?:asyncio\.(?:gather|TaskGroup|create_task|wait)|anyio\.create_task_group)$/],
  ["jobs go to workers", /(?:\.delay|\.apply_async|\.enqueue(?:_job)?|\.send_task|\.kiq)$/],
  ["related rows are loaded ahead", /(?:selectinload|joinedload|subqueryload|contains_eager|raiseload|defer|load_only)$/],
  [
    "rows are written in bulk",
    /(?:bulk_save_objects|bulk_insert_mappings|bulk_update_mappings|insert_many|add_all|bulk_write|executemany)$/,
  ],
  ["answers are kept in a cache", /^(?:redis|aioredis|aiocache|cachetools|fastapi_cache|diskcache)\b/],
  ["responses are streamed", /(?:StreamingResponse|EventSourceResponse|FileResponse)$/],
]
const CACHES = /(?:lru_cache|functools\.cache|alru_cache|fastapi_cache\.decorator\.cache|aiocache\.cached)(?:\(\))?$/

/** What makes it fast, and on which thread things run. */
export const performance: Topic = (facts) => {
  const endpoints = [...new Set(facts.routes.flatMap(({ endpoint }) => endpoint ?? []))]
  const asynchronous = endpoints.filter((fn) => fn.async).length
  const cached = facts.functions.filter(({ decorators }) => decorators.some(({ name }) => CACHES.test(name ?? "")))
  return [
    ...(endpoints.length > 0 ? [threads(asynchronous, endpoints.length)] : []),
    ...sessions(facts),
    ...TECHNIQUES.flatMap(([what, calls]) => {
      const found = facts.callsOf(calls)
      if (found.length === 0) return []
      const names = [...new Set(found.map(({ name }) => code(short(name.replaceAll("()", "")))))]
      const paths = [...new Set(found.flatMap((one) => one.paths))].sort()
      return [`- ${what}: ${some(names, 4)} in ${some(paths, 4)}`]
    }),
    ...(cached.length > 0
      ? [
          `- results are kept: ${some(
            cached.map((fn) => `${code(fn.qualname)} (${fn.path})`),
            6,
          )}`,
        ]
      : []),
  ]
}

function threads(asynchronous: number, all: number): string {
  if (asynchronous === all) return "- all handlers are `async def`, and run on the event loop"
  if (asynchronous === 0) return "- all handlers are plain `def`, and run in threads"
  return `- ${asynchronous} of ${plural(all, "handler")} are \`async def\`, the others run in threads`
}

function sessions({ routes }: Facts): string[] {
  const kinds = counted(
    routes.flatMap(({ declared }) =>
      declared.flatMap(
        ({ annotation }) =>
          libraryName(bare(annotation))?.match(
            /(?:^|\.)((?:Async)?(?:Session|Connection|Client|Engine|Database|IOMotorDatabase)\w*)(?:\(\))?$/,
          )?.[1] ?? [],
      ),
    ),
  )
  return kinds.length > 0
    ? [
        `- handlers are given ${some(
          kinds.map(([name, count]) => `${code(name)} (${plural(count, "time")})`),
          4,
        )}`,
      ]
    : []
}

const bare = (value: Value | undefined): Value | undefined => (value?.is === "generic" ? value.args[0] : value)

/** What guards it besides authentication. */
export const security: Topic = (facts) => [...middleware(facts), ...crypto(facts), ...settings(facts), ...limits(facts)]

function middleware({ apps }: Facts): string[] {
  const added = apps.flatMap((app) => app.middleware.map((one) => ({ ...one, app })))
  return most(
    added,
    10,
    ({ name, value, built, at, maybe }) => {
      const cls = value.is === "class" || value.is === "function" ? value.qualname : short(name ?? "a middleware")
      const origins = built.keywords.get("allow_origins")
      const said = origins ? `, origins ${originsOf(origins)}` : ""
      const credentials = knownBoolean(built.keywords.get("allow_credentials")) === true ? ", with credentials" : ""
      return `- middleware ${code(cls)} (${at.path})${said}${credentials}${maybe ? ", in some deployments only" : ""}`
    },
    "middlewares",
  )
}

function originsOf(value: Value): string {
  const items = itemsOf(value)?.map(knownText)
  return items?.every((item) => item !== undefined) ? some(items.map(code), 4) : "from the settings"
}

const CRYPTO: [what: string, calls: RegExp][] = [
  ["passwords are hashed with", /^(?:passlib|bcrypt|argon2|pwdlib|werkzeug\.security)\b.*(?:hash|hashpw|generate_password_hash)$/],
  [
    "passwords are checked with",
    /^(?:passlib|bcrypt|argon2|pwdlib|werkzeug\.security)\b.*(?:verify|verify_and_update|checkpw|check_password_hash)$/,
  ],
  ["tokens are signed with", /^(?:jwt|jose|authlib|itsdangerous)\b.*(?:encode|dumps|sign)$/],
  ["tokens are read with", /^(?:jwt|jose|authlib|itsdangerous)\b.*(?:decode|loads|unsign)$/],
  ["secrets are compared in constant time with", /compare_digest$/],
]

function crypto(facts: Facts): string[] {
  return CRYPTO.flatMap(([what, calls]) => {
    const found = facts.callsOf(calls)
    if (found.length === 0) return []
    const names = [...new Set(found.map(({ name }) => code(name.replaceAll("()", ""))))]
    return [`- ${what} ${some(names, 3)} in ${some([...new Set(found.flatMap((one) => one.paths))].sort(), 4)}`]
  })
}

function settings(facts: Facts): string[] {
  const classes = facts.classes.filter((one) => isSettings(facts, one))
  return classes.length > 0
    ? [
        `- settings come from the environment by ${some(
          classes.map(({ qualname, module }) => `${code(qualname)} (${module})`),
          5,
        )}`,
      ]
    : []
}

function limits({ functions }: Facts): string[] {
  const limited = functions.filter(({ decorators }) =>
    decorators.some(({ name }) => /(?:slowapi|limits|fastapi_limiter)\b/.test(name ?? "")),
  )
  return limited.length > 0
    ? [
        `- requests are limited: ${some(
          limited.map((fn) => `${code(fn.qualname)} (${fn.path})`),
          5,
        )}`,
      ]
    : []
}
