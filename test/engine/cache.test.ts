import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest"
import { type Checked, type RunRequest, run } from "#engine"
import { rules } from "#rules"
import type * as mapping from "../../src/engine/map-file.ts"

/** The files that were really read: the rest came from the cache. */
const read: string[] = []
vi.mock("../../src/engine/map-file.ts", async (original) => {
  const real = await original<typeof mapping>()
  return {
    ...real,
    mapFile: (...given: Parameters<typeof real.mapFile>) => {
      read.push(given[0])
      return real.mapFile(...given)
    },
  }
})

const MAIN = 'from fastapi import FastAPI\nfrom app.routes import router\n\napp = FastAPI()\napp.include_router(router, prefix="/v1")\n'
const ROUTES =
  'import time\nfrom fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get("/a")\nasync def a():\n    time.sleep(1)\n'
const FILES = { "fastlint.toml": "", "app/__init__.py": "", "app/main.py": MAIN, "app/routes.py": ROUTES }

const made: string[] = []
let root = ""
beforeEach(() => {
  root = folder(FILES)
})
afterAll(() => {
  for (const one of made) rmSync(one, { recursive: true, force: true })
})

function folder(files: Record<string, string>): string {
  const made_ = mkdtempSync(join(tmpdir(), "fastlint-cache-"))
  made.push(made_)
  for (const [name, text] of Object.entries(files)) put(join(made_, name), text)
  return made_
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** What a run says, and which files it had to read. */
async function check(more: Partial<RunRequest> = {}): Promise<{ said: string; read: string[]; checked: Checked }> {
  read.length = 0
  const checked = await run({ cwd: root, paths: [root], rules, respectGitignore: true, allowEmpty: false, cache: { build: "a" }, ...more })
  const { findings, suppressed, notifications, questions, summary } = checked
  return { said: JSON.stringify({ findings, suppressed, notifications, questions, summary }), read: [...read], checked }
}

const ALL = ["app/__init__.py", "app/main.py", "app/routes.py"]
const cacheFile = () => {
  const [name] = readdirSync(join(root, ".fastlint_cache")).filter((one) => one.endsWith(".records"))
  return join(root, ".fastlint_cache", name as string)
}

describe("what is read again", () => {
  test("nothing, when nothing changed; and the run says the same", async () => {
    const cold = await check()
    const warm = await check()
    expect([cold.read, warm.read]).toEqual([ALL, []])
    expect(warm.said).toBe(cold.said)
  })

  test("the one file that changed, also where its old text comes back", async () => {
    const first = await check()
    put(join(root, "app/routes.py"), ROUTES.replace("/a", "/b"))
    const second = await check()
    expect(second.read).toEqual(["app/routes.py"])
    expect(second.said).toBe((await check({ cache: { build: "none" } })).said)
    put(join(root, "app/routes.py"), ROUTES)
    expect((await check()).said).toBe(first.said)
  })

  test("nothing, when a file is moved away and others stay", async () => {
    await check()
    rmSync(join(root, "app/routes.py"))
    expect((await check()).read).toEqual([])
  })

  test("everything, by another build", async () => {
    await check()
    expect((await check({ cache: { build: "b" } })).read).toEqual(ALL)
  })

  test("nothing, when fewer rules are asked; and they say what they say alone", async () => {
    await check()
    const fewer = { rules: rules.filter((rule) => !rule.id.startsWith("types/")), flags: { select: ["async", "errors", "structure"] } }
    const warm = await check(fewer)
    expect(warm.read).toEqual([])
    const { cache: _, ...fresh } = { ...fewer, cache: undefined }
    const alone = await check({ ...fresh, cache: { build: "other" } })
    expect(warm.said).toBe(alone.said)
  })

  test("nothing, when only the model is asked for", async () => {
    await check()
    expect((await check({ isModelOnly: true })).read).toEqual([])
  })

  test("everything, when more rules are asked", async () => {
    await check({ isModelOnly: true })
    expect((await check()).read).toEqual(ALL)
  })

  test("a file whose text comes from an editor; it is not kept", async () => {
    await check()
    const before = readFileSync(cacheFile())
    const stdin = { filename: join(root, "app/routes.py"), bytes: Buffer.from(ROUTES.replace("time.sleep(1)", "pass")) }
    expect((await check({ stdin })).read).toEqual(["app/routes.py"])
    expect(readFileSync(cacheFile()).equals(before)).toBe(true)
  })

  test("what this run did not look at stays for the next", async () => {
    await check()
    put(join(root, "app/routes.py"), ROUTES.replace("/a", "/b"))
    await check({ config: ['extend-exclude=["app/main.py"]'], allowEmpty: true })
    expect((await check()).read).toEqual([])
  })
})

describe("damage is a miss", () => {
  test("wherever a byte is wrong, the run says the same", async () => {
    const cold = await check()
    const good = readFileSync(cacheFile())
    for (let at = 0; at < good.length; at += Math.ceil(good.length / 60)) {
      const bad = Buffer.from(good)
      bad[at] = (bad[at] as number) ^ 0x11
      writeFileSync(cacheFile(), bad)
      expect((await check()).said).toBe(cold.said)
    }
  })

  test.each([0, 10, 200, 1000])("cut off after %i bytes", async (length) => {
    const cold = await check()
    writeFileSync(cacheFile(), readFileSync(cacheFile()).subarray(0, length))
    expect((await check()).said).toBe(cold.said)
    expect((await check()).read).toEqual([])
  })
})

describe("the folder", () => {
  const inside = (path: string) => readdirSync(path).sort()

  test("says what it is, and keeps itself out of git", async () => {
    await check()
    expect(inside(join(root, ".fastlint_cache"))).toEqual([".gitignore", expect.stringMatching(/\.records$/), "CACHEDIR.TAG"])
    expect(readFileSync(join(root, ".fastlint_cache/.gitignore"), "utf8")).toBe("*\n")
    expect(readFileSync(join(root, ".fastlint_cache/CACHEDIR.TAG"), "utf8")).toMatch(/^Signature: 8a477f597d28d172789f06886806bc55/)
  })

  test("is where the configuration says, and the command line before it", async () => {
    put(join(root, "fastlint.toml"), 'cache-dir = "build/kept"\n')
    await check()
    expect(existsSync(join(root, "build/kept/CACHEDIR.TAG"))).toBe(true)
    await check({ cache: { build: "a", folder: join(root, "elsewhere") } })
    expect(existsSync(join(root, "elsewhere/CACHEDIR.TAG"))).toBe(true)
    expect(existsSync(join(root, ".fastlint_cache"))).toBe(false)
  })

  test("may be shared by projects", async () => {
    const other = folder({ ...FILES, "app/routes.py": ROUTES.replace("/a", "/other") })
    const shared = { build: "a", folder: join(folder({}), "cache") }
    await check({ cache: shared })
    await check({ cache: shared, cwd: other, paths: [other] })
    expect((await check({ cache: shared })).read).toEqual([])
    expect((await check({ cache: shared, cwd: other, paths: [other] })).read).toEqual([])
  })

  test("of someone else is left alone", async () => {
    put(join(root, ".fastlint_cache/thesis.tex"), "")
    await check()
    expect(inside(join(root, ".fastlint_cache"))).toEqual(["thesis.tex"])
  })

  test("that is a link is not followed", async () => {
    const elsewhere = folder({})
    symlinkSync(elsewhere, join(root, ".fastlint_cache"))
    await check()
    expect(inside(elsewhere)).toEqual([])
    rmSync(join(root, ".fastlint_cache"))
    symlinkSync(".fastlint_cache", join(root, ".fastlint_cache"))
    expect((await check()).read).toEqual(ALL)
  })

  test("that cannot be made is no cause for words", async () => {
    const { checked } = await check({ cache: { build: "a", folder: "/proc/1/fastlint" } })
    expect(checked.notifications).toEqual([])
  })

  test("that is a file is no cause for words", async () => {
    put(join(root, ".fastlint_cache"), "")
    expect((await check()).checked.notifications).toEqual([])
  })

  test("loses what is old", async () => {
    await check()
    const [old, fresh] = ["0123.records.abc.tmp", "4567.records.def.tmp"].map((name) => join(root, ".fastlint_cache", name)) as [
      string,
      string,
    ]
    put(old, "")
    put(fresh, "")
    utimesSync(old, 0, 0)
    put(join(root, "app/new.py"), "")
    await check()
    expect([existsSync(old), existsSync(fresh)]).toEqual([false, true])
  })

  test("is not made for a lone file of no project", async () => {
    rmSync(join(root, "fastlint.toml"))
    await check({ paths: [join(root, "app/main.py")], config: [] })
    expect(existsSync(join(root, ".fastlint_cache"))).toBe(false)
  })
})
