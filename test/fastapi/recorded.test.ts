import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { canonical } from "#knowledge"
import { within } from "../../src/fastapi/dependencies.ts"
import { pathNames } from "../../src/fastapi/signature/params.ts"
import { loadGrammarForTests } from "../grammar.ts"
import { linked, spelled, written } from "./linked.ts"

await loadGrammarForTests()

interface Recorded {
  route: string
  params: string[]
  dependencies: string[]
  status?: number
  model?: string | null
  class?: string
}

const folder = join(import.meta.dirname, "recorded")
const LIBRARY = /\b(fastapi|starlette|pydantic|pathlib)\.[\w.]+/g

/** Library names as we write them: `fastapi.datastructures.UploadFile` is `fastapi.UploadFile`. */
const ours = (text: string): string => text.replace(LIBRARY, (name) => canonical(name))
const sorted = (texts: string[]): string[] => [...new Set(texts)].sort()

for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
  const recorded = JSON.parse(readFileSync(join(folder, name), "utf8")) as Recorded[]
  const path = name.replace(".json", ".py")
  const { apps } = linked({ [path]: readFileSync(join(folder, path), "utf8") })
  const routes = apps[0]?.routes ?? []

  describe(`${path}: we say what FastAPI built`, () => {
    test("routes, in matching order", () => {
      expect(routes.map(spelled)).toEqual(recorded.map(({ route }) => route))
    })

    test.each(recorded.map((one, i) => [one.route, one, i] as const))("%s", (_, theirs, i) => {
      const route = routes[i]
      if (!route) throw new Error("missing")
      const dependencies = route.dependencies.map((dependency) => within(dependency, pathNames(route.path)))
      // The endpoint's own come first.
      const own = route.params.length - route.dependencies.flatMap((d) => d.params).length
      const params = [...route.params.slice(0, own), ...dependencies.flatMap((d) => d.params)]
      expect(sorted(params.filter((param) => param.in !== "special" && param.in !== "dependency").map(written))).toEqual(
        sorted(theirs.params.map(ours)),
      )
      expect(sorted(dependencies.map((d) => (d.name ?? "unknown").replace(/\(\)$/, "")))).toEqual(
        sorted(theirs.dependencies.map((ref) => (/^(fastapi|starlette)\b/.test(ref) ? canonical(ref.replace(":", ".")) : ref))),
      )
      if (theirs.status === undefined) return
      expect(route.statusCode).toMatchObject({ known: true, value: theirs.status })
      expect(route.response.type && route.response.from !== "response" ? route.response.type.text : null).toEqual(
        theirs.model === null ? null : ours(theirs.model ?? ""),
      )
      expect((route.response.responseClass ?? "starlette.responses.JSONResponse").replace(":", ".")).toBe(ours(theirs.class ?? ""))
    })
  })
}
