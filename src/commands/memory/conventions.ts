import type { Fn, Route } from "#fastapi"
import { statusOf as constantOf } from "#fastapi"
import { plural } from "#lint"
import { knownNumber } from "#python"
import { code, compare, counted, type Facts, libraryName, most, short, some, type Topic } from "./facts.ts"

/** Names, envelopes, errors and status codes. */
export const conventions: Topic = (facts) => [
  ...paths(facts),
  ...handlers(facts),
  ...responses(facts),
  ...statuses(facts),
  ...paging(facts),
  ...errors(facts),
]

function paths({ routes }: Facts): string[] {
  const known = [...new Set(routes.flatMap(({ path }) => (path.known ? [path.value] : [])))]
  if (known.length === 0) return []
  const words = known.flatMap((path) => path.split("/").filter((part) => part !== "" && !part.startsWith("{")))
  const [dashes, lines] = [words.filter((word) => word.includes("-")).length, words.filter((word) => word.includes("_")).length]
  const spelt =
    dashes === 0 && lines === 0
      ? []
      : [
          dashes >= lines
            ? `words of a path are joined by \`-\`${lines > 0 ? ` (${dashes} times; ${lines} times by \`_\`)` : ""}`
            : `words of a path are joined by \`_\`${dashes > 0 ? ` (${lines} times; ${dashes} times by \`-\`)` : ""}`,
        ]
  const slashes = known.filter((path) => path !== "/" && path.endsWith("/")).length
  const params = counted(known.flatMap((path) => [...path.matchAll(/\{(\w+)(?::\w+)?\}/g)].map(([, name]) => name as string)))
  const prefix = counted(known.map((path) => path.split("/").slice(0, 3).join("/"))).find(
    ([start, count]) => /^\/(?:api|v\d)/.test(start) && count > known.length / 2,
  )
  return [
    ...(prefix ? [`- most paths begin with ${code(prefix[0])}`] : []),
    ...spelt.map((text) => `- ${text}`),
    ...(slashes > 0 ? [`- ${slashes} of ${known.length} paths end in a slash`] : []),
    ...(params.length > 0
      ? [
          `- path parameters: ${some(
            params.map(([name, count]) => `${code(name)} (${count})`),
            8,
          )}`,
        ]
      : []),
  ]
}

const own = (routes: readonly Route[]): Fn[] => [...new Set(routes.flatMap(({ endpoint }) => endpoint ?? []))]

function handlers({ routes }: Facts): string[] {
  const verbs = counted(own(routes).flatMap(({ name }) => /^([a-z]+)_/.exec(name)?.[1] ?? [])).filter(([, count]) => count > 1)
  return verbs.length > 0
    ? [
        `- handlers are called ${some(
          verbs.map(([verb, count]) => `${code(`${verb}_...`)} (${count})`),
          8,
        )}`,
      ]
    : []
}

function responses({ routes }: Facts): string[] {
  const api = routes.filter(({ kind }) => kind === "api")
  const from = (which: Route["response"]["from"]) => api.filter(({ response }) => response.from === which).length
  const envelopes = counted(api.flatMap(({ response }) => /^([\w.:]+)\[/.exec(response.type?.text ?? "")?.[1] ?? [])).filter(
    ([name, count]) => count > 2 && !/^(?:list|dict|tuple|set|typing|List|Dict)\b/.test(name),
  )
  const shared = counted(
    api.flatMap(({ response }) => (response.type && /^[\w.:]+$/.test(response.type.text) ? [short(response.type.text)] : [])),
  ).filter(([name, count]) => count > 2 && !/^(?:Any|None|str|bool|int|dict)$/.test(name))
  const classes = counted(api.flatMap(({ response }) => (response.responseClass ? [short(response.responseClass)] : []))).filter(
    ([name]) => name !== "JSONResponse",
  )
  return [
    ...(api.length > 0
      ? [
          `- the shape of a response is said by \`response_model=\` in ${from("response_model")} routes, by the return annotation in ${from("annotation")}, not at all in ${from("none")}`,
        ]
      : []),
    ...(envelopes.length > 0
      ? [
          `- responses are wrapped: ${some(
            envelopes.map(([name, count]) => `${code(`${short(name)}[...]`)} in ${plural(count, "route")}`),
            4,
          )}`,
        ]
      : []),
    ...(shared.length > 0
      ? [
          `- responses that several routes share: ${some(
            shared.map(([name, count]) => `${code(name)} (${count})`),
            6,
          )}`,
        ]
      : []),
    ...(classes.length > 0
      ? [
          `- response classes: ${some(
            classes.map(([name, count]) => `${code(name)} (${count})`),
            5,
          )}`,
        ]
      : []),
  ]
}

function statuses({ routes }: Facts): string[] {
  const usual = counted(
    routes.flatMap(({ kind, methods, statusCode }) =>
      kind === "api" && methods.known && statusCode.known ? methods.value.map((method) => `${method} ${statusCode.value}`) : [],
    ),
  )
  const byMethod = new Map<string, string[]>()
  for (const [pair, count] of usual) {
    const [method = "", status] = pair.split(" ")
    byMethod.set(method, [...(byMethod.get(method) ?? []), `${status} (${count})`])
  }
  const rows = [...byMethod].sort(([a], [b]) => compare(a, b)).map(([method, codes]) => `${method} ${some(codes, 3)}`)
  return rows.length > 0 ? [`- status codes of success: ${rows.join("; ")}`] : []
}

const PAGES = new Set(["skip", "limit", "offset", "page", "size", "page_size", "per_page", "cursor", "sort", "order_by", "q", "search"])

function paging({ routes }: Facts): string[] {
  const names = counted(
    routes.flatMap(({ params }) => [
      ...new Set(params.filter((param) => param.in === "query" && PAGES.has(param.name)).map(({ name }) => name)),
    ]),
  )
  return names.length > 0
    ? [
        `- lists are paged and searched with ${some(
          names.map(([name, count]) => `${code(name)} (${count})`),
          8,
        )}`,
      ]
    : []
}

function errors(facts: Facts): string[] {
  const raised = new Map<string, { count: number; paths: Set<string> }>()
  for (const fn of facts.functions)
    for (const event of fn.events) {
      if (event.is !== "raise" || event.value === undefined) continue
      const { value } = event
      const cls =
        value.is === "instance" ? value.of.qualname : /HTTPException\(\)$/.test(libraryName(value) ?? "") ? "HTTPException" : undefined
      if (cls === undefined) continue
      const built = value.is === "external" || value.is === "instance" ? value.built : undefined
      const given = built?.keywords.get("status_code") ?? (cls === "HTTPException" ? built?.positional[0] : undefined)
      const status = knownNumber(given) ?? constantOf(libraryName(given) ?? "")
      const key = code(status === undefined ? cls : `${cls}(${status})`)
      const one = raised.get(key) ?? { count: 0, paths: new Set<string>() }
      one.count += 1
      one.paths.add(fn.path)
      raised.set(key, one)
    }
  const rows = [...raised].sort(([a, m], [b, n]) => n.count - m.count || compare(a, b))
  const caught = facts.apps.flatMap(({ exceptionHandlers }) =>
    exceptionHandlers.flatMap(({ exception, handler }) => {
      const name = exception.is === "class" ? exception.qualname : (libraryName(exception) ?? String(knownNumber(exception) ?? ""))
      return name === ""
        ? []
        : [
            `${code(short(name))}${handler.is === "function" ? ` by ${facts.named(`${moduleOf(facts, handler.module)}:${handler.qualname}`)}` : ""}`,
          ]
    }),
  )
  return [
    ...(rows.length > 0
      ? [
          `- errors that are raised: ${some(
            rows.map(([name, { count }]) => `${name} ${count} times`.replace(" 1 times", " once")),
            12,
          )}`,
        ]
      : []),
    ...most([...new Set(caught)], 8, (line) => `- handled for the whole app: ${line}`, "exception handlers"),
  ]
}

const moduleOf = ({ project }: Facts, path: string): string => project.functions.find((fn) => fn.path === path)?.module ?? path
