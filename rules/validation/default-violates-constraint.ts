import { declarations, isNone, knownNumber, knownText, members, type Param, type Project, quote, rule, typeOf } from "#rule"

export default rule({
  summary: "A default that its own parameter does not allow",
  why: `
\`limit: int = Query(0, ge=1)\` says two things that cannot both be meant. Older versions of FastAPI validate the default, and answer
every request without the parameter with a 422; newer ones pass it on unchecked, so that the function gets what it was promised
never to get.
`,
  help: "Change the default or the constraint",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/path-params-numeric-validations/",
  equivalents: [],
  exemptions: ["`None`, which is validated by no version", "defaults that come from a setting, and fields of models"],
  examples: [
    {
      bad: `
        from typing import Annotated
        from fastapi import FastAPI, Header, Query

        app = FastAPI()

        @app.get("/items")
        def list_items(
            page: int = Query(0, ge=1), # expect: \`page\` is 0 by default, and \`ge=1\` does not allow that
            size: Annotated[int, Query(le=100)] = 200, # expect: \`le=100\`
            order: Annotated[str, Query(pattern="^[a-z]+$", min_length=2)] = "", # expect: \`min_length=2\`
            depth: int = Query("all"), # expect: \`depth\` is \`all\` by default, which is no \`int\`
        ):
            return [page, size, order, depth]
      `,
      good: `
        from typing import Annotated
        from fastapi import FastAPI, Query

        app = FastAPI()

        @app.get("/items")
        def list_items(
            page: int = Query(1, ge=1),
            size: Annotated[int, Query(le=100)] = 100,
            order: Annotated[str | None, Query(min_length=2)] = None,
        ):
            return [page, size, order]
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    const hidden = new Set([...declarations(project)].filter((one) => one.hidden).map(({ at }) => `${at.path}:${at.start}`))
    for (const route of project.routes) {
      for (const param of route.params) {
        const key = `${param.at.path}:${param.at.start}`
        if (!["query", "header", "cookie", "form"].includes(param.in) || told.has(key) || hidden.has(key)) continue
        const why = param.declaredBy.role === "app" ? faultOf(project, param) : undefined
        if (!why) continue
        told.add(key)
        yield {
          at: param.at,
          message: `${quote(param.name)} is ${why}`,
          routes: [route],
          scope: param.declaredBy.id,
          discriminator: param.name,
        }
      }
    }
  },
})

function faultOf(project: Project, { default: given, constraints, type }: Param): string | undefined {
  if (!given || isNone(given) || ((given.is === "literal" || given.is === "text") && given.assumed)) return undefined
  const types = members(project, type.value).filter((member) => !isNone(member))
  const [only] = types
  if (types.length !== 1 || only?.is !== "external") return undefined
  const name = typeOf(project, only).text
  const text = knownText(given)
  const number = knownNumber(given)
  if (text !== undefined && isNumber(name) && !/^\s*[+-]?[\d_]+(\.\d*)?([eE][+-]?\d+)?\s*$/.test(text))
    return `${shown(text)} by default, which is no ${quote(name)}`
  if (number !== undefined && isNumber(name))
    for (const [limited, breaks] of NUMERIC) {
      const limit = knownNumber(constraints.get(limited))
      if (limit !== undefined && breaks(number, limit))
        return `${number} by default, and ${quote(`${limited}=${limit}`)} does not allow that`
    }
  if (text !== undefined && name === "str")
    for (const [limited, breaks] of LENGTHS) {
      const limit = knownNumber(constraints.get(limited))
      if (limit !== undefined && breaks([...text].length, limit))
        return `${shown(text)} by default, and ${quote(`${limited}=${limit}`)} does not allow that`
    }
  return undefined
}

const shown = (text: string): string => (text === "" ? "empty" : quote(text))

const isNumber = (type: string): boolean => type === "int" || type === "float"

type Breaks = (value: number, limit: number) => boolean

const NUMERIC: readonly (readonly [string, Breaks])[] = [
  ["ge", (value, limit) => value < limit],
  ["gt", (value, limit) => value <= limit],
  ["le", (value, limit) => value > limit],
  ["lt", (value, limit) => value >= limit],
]

const LENGTHS: readonly (readonly [string, Breaks])[] = [
  ["min_length", (length, limit) => length < limit],
  ["max_length", (length, limit) => length > limit],
]
