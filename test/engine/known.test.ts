/** What is known stays known: through formatters, through code that moves, and through edits of something else. */
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { type Analysis, analyse, baselineEntries, ready } from "#engine"
import { compareWithKnown, type KnownFinding } from "#lint"
import { rules } from "#rules"
import { defaultSettings } from "../../src/engine/settings.ts"
import { chooser, reformatted } from "./reformat.ts"

beforeAll(ready)

const storefront = join(dirname(fileURLToPath(import.meta.url)), "../../fixtures/apps/storefront")

type Files = Record<string, string>

const shop: Files = Object.fromEntries(
  readdirSync(storefront, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".py"))
    .map((path) => [path.replaceAll("\\", "/"), readFileSync(join(storefront, path), "utf8")]),
)

function analysed(files: Files): Analysis {
  return analyse({
    files: Object.entries(files)
      .map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    settings: { ...defaultSettings("/"), preset: "strict" },
    rules,
    roots: [""],
    versions: {},
    hasGaps: false,
  })
}

const all = (analysis: Analysis): KnownFinding[] => baselineEntries(analysis, () => true)

/** What of `after` is new against `before`, and what of `before` is gone. */
function difference(before: Files, after: Files): { fresh: string[]; gone: string[] } {
  const now = analysed(after)
  const { known, gone } = compareWithKnown(
    now.findings.map((one) => one.verdict),
    (path) => now.records.get(path)?.text ?? "",
    all(analysed(before)),
  )
  return {
    fresh: now.findings.filter((_, i) => !known[i]).map(({ verdict }) => `${verdict.rule} ${verdict.at.path} ${verdict.scope}`),
    gone: gone.map(({ rule, path, scope }) => `${rule} ${path} ${scope}`),
  }
}

const NOTHING = { fresh: [], gone: [] }

describe("a project with a defect for every rule", () => {
  test("in another layout has the same findings", () => {
    const before = all(analysed(shop))
    expect(before.length).toBeGreaterThan(0)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
        const choose = chooser(seed)
        const after = Object.fromEntries(Object.entries(shop).map(([path, text]) => [path, reformatted(text, choose)]))
        const sorted = (entries: KnownFinding[]) =>
          entries.map(({ rule, path, scope, fingerprint, count }) => `${path} ${rule} ${scope} ${fingerprint} ${count}`).sort()
        expect(sorted(all(analysed(after)))).toEqual(sorted(before))
      }),
      { numRuns: 5 },
    )
  })
})

const SERVICE = `import requests


def fetch(url: str) -> str:
    return requests.get(url, timeout=5).text
`
const MAIN = `from fastapi import FastAPI

from .service import fetch

app = FastAPI()


@app.get("/one")
async def one() -> str:
    return fetch("https://one.example")


@app.get("/two")
async def two() -> str:
    total = 1
    return fetch("https://two.example")
`
const small: Files = { "app/__init__.py": "", "app/main.py": MAIN, "app/service.py": SERVICE }

describe("a small project", () => {
  test("has something to find", () => {
    expect(all(analysed(small)).length).toBeGreaterThan(1)
  })

  test("routes in another order", () => {
    const [head, one, two] = MAIN.split(/(?=@app\.get)/)
    expect(difference(small, { ...small, "app/main.py": `${head}${two}\n\n${one}` })).toEqual(NOTHING)
  })

  test("a file under another name", () => {
    const { "app/service.py": service, ...rest } = small
    const moved = { ...rest, "app/clients/__init__.py": "", "app/clients/http.py": service as string }
    expect(difference(small, { ...moved, "app/main.py": MAIN.replace("from .service", "from .clients.http") })).toEqual(NOTHING)
  })

  test("routes that move to a file of their own", () => {
    const [head = "", one = "", two = ""] = MAIN.split(/(?=@app\.get)/)
    const after = {
      ...small,
      "app/main.py": `${head.replace("FastAPI()", "FastAPI()\napp.include_router(router)").replace("from .service import fetch", "from .routes import router\nfrom .service import fetch")}${one}`,
      "app/routes.py": `from fastapi import APIRouter\n\nfrom .service import fetch\n\nrouter = APIRouter()\n\n\n${two.replace("@app", "@router")}`,
    }
    expect(difference(small, after)).toEqual(NOTHING)
  })

  test("one more of the same is new", () => {
    const three = MAIN.slice(MAIN.indexOf('@app.get("/two")')).replaceAll("two", "three")
    const { fresh, gone } = difference(small, { ...small, "app/main.py": `${MAIN}\n\n${three}` })
    expect(gone).toEqual([])
    expect(fresh.length).toBeGreaterThan(0)
    for (const one of fresh) expect(one).toContain("three")
  })
})
