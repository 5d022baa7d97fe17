import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, test } from "vitest"
import { checklistOf, run } from "#engine"
import { rules } from "#rules"

const apps = join(dirname(fileURLToPath(import.meta.url)), "../../fixtures/apps")
const folder = mkdtempSync(join(tmpdir(), "fastlint-checklist-"))
afterAll(() => rmSync(folder, { recursive: true }))

let projects = 0

/** The checklist of a project of these files. */
async function checklist(files: Record<string, string>, config: string[] = [], path = ".") {
  const root = join(folder, String(projects++))
  for (const [name, text] of Object.entries({ "pyproject.toml": "", ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return at(root, join(root, path), config)
}

const at = async (cwd: string, path: string, config: string[] = []) =>
  checklistOf(await run({ cwd, paths: [path], rules, config, isolated: true, flags: {}, respectGitignore: false, allowEmpty: false }))

type List = Awaited<ReturnType<typeof checklist>>
const item = (list: List, section: string) => {
  const found = list.items.find((one) => one.section === section)
  if (!found) throw new Error(`no item ${section}`)
  return found
}
const answers = (list: List, section: string) =>
  Object.fromEntries(
    item(list, section).things.map(({ name, answer }) => [name.replace(/^\S*\//, (path) => (path.startsWith("/") ? path : path)), answer]),
  )

describe.each(["storefront", "clinic"])("%s", (name) => {
  test("adds up, and every finding falls on something", async () => {
    const list = await at(apps, join(apps, name))
    expect(list.items.filter(({ number }) => number !== undefined).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    const hit = new Set(list.items.flatMap(({ things }) => things.flatMap(({ findings }) => findings)))
    for (const finding of list.findings) if (finding.rule.includes("/")) expect(hit, finding.message).toContain(finding.id)
    for (const { pass, fail, unsure, things, outside, unit } of list.items) {
      expect(pass + fail + unsure).toBe(things.length)
      const counted = things.filter(({ kind }) => kind === unit).length + outside.reduce((sum, { count }) => sum + count, 0)
      expect(counted).toBe(unit === "route" ? list.routes : list.files)
    }
  })
})

test("a helper's call fails every route that reaches it, and no other", async () => {
  const list = await checklist({
    "app/main.py": `
import time
from fastapi import FastAPI

app = FastAPI()


def slow():
    time.sleep(1)


@app.get("/a")
async def a() -> int:
    slow()
    return 1


@app.get("/b")
async def b() -> int:
    return 2


@app.get("/c")
def c() -> int:
    slow()
    return 3
`,
  })
  expect(answers(list, "async")).toEqual({ "GET /a": "fail", "GET /b": "pass", "GET /c": "pass" })
  expect(item(list, "async")).toMatchObject({ result: "fail", first: { path: "app/main.py", line: 14 } })
})

test("what is not known is unsure, never a pass", async () => {
  const list = await checklist({
    "app/main.py": `
from elsewhere import make_endpoint, where
from fastapi import FastAPI

app = FastAPI()
app.add_api_route("/made", make_endpoint())
app.include_router


@app.get(where())
def lost() -> int:
    return 1
`,
  })
  for (const section of ["validation", "async", "errors", "types", "database"])
    expect(item(list, section).things.find(({ name }) => name === "GET /made")?.answer, section).toBe("unsure")
  expect(item(list, "http").things.find(({ name }) => name !== "GET /made")?.answer).toBe("unsure")
  expect(item(list, "testing")).toMatchObject({ result: "unsure", pass: 0 })
})

test("an item without rules or without anything to look at is n/a", async () => {
  const list = await checklist(
    { "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\ndef read() -> int:\n    return 1\n" },
    ['ignore=["http"]'],
  )
  expect(item(list, "http")).toMatchObject({ result: "n/a", things: [], rules: { on: [] } })
  expect(item(list, "database")).toMatchObject({ result: "n/a", things: [], outside: [{ count: 1 }] })
  expect(item(list, "auth").result).toBe("n/a")
})

test("open on purpose? is a question, until it is answered", async () => {
  const files = {
    "app/main.py": `
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def verify_link(token: str = Header()):
    if token == "":
        raise HTTPException(404)


@app.post("/orders", dependencies=[Depends(verify_link)])
def create() -> int:
    open("orders", "w").write("x")
    return 1
`,
  }
  const asked = item(await checklist(files), "auth")
  expect(asked).toMatchObject({ result: "unsure", question: "Q1" })
  expect(asked.things[0]).toMatchObject({ answer: "unsure", question: "Q1" })
  const answered = await checklist(files, ['auth.dependencies=["app.main.verify_link"]'])
  expect(item(answered, "auth")).toMatchObject({ result: "pass", pass: 1 })
  expect(answered.waiting).toBe(0)
})

test("of a part of the project only that part is counted, with what fails it elsewhere", async () => {
  const main = (name: string) => `
from fastapi import APIRouter
from app.shared import work

router = APIRouter()


@router.get("/${name}")
async def ${name}() -> int:
    work()
    return 1
`
  const list = await checklist(
    {
      "app/__init__.py": "",
      "app/main.py":
        "from fastapi import FastAPI\nfrom app.api import one, two\n\napp = FastAPI()\napp.include_router(one.router)\napp.include_router(two.router)\n",
      "app/api/__init__.py": "",
      "app/api/one.py": main("one"),
      "app/api/two.py": main("two"),
      "app/shared.py": "def work():\n    try:\n        print(1)\n    except Exception as error:\n        raise ValueError from None\n",
    },
    [],
    "app/api/one.py",
  )
  expect(list).toMatchObject({ routes: 1, files: 1 })
  expect(item(list, "async").things.map(({ name }) => name)).toEqual(["GET /one"])
})

test("a file that cannot be read to its end passes nothing", async () => {
  const list = await checklist({
    "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
    "app/broken.py": "def (\n",
  })
  expect(answers(list, "secrets")).toMatchObject({ "app/main.py": "pass", "app/broken.py": "unsure" })
  expect(list.others.map(({ rule }) => rule)).toEqual(["syntax-error"])
})
