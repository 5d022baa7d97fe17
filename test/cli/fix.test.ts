import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, beforeEach, expect, test } from "vitest"
import { install } from "./installed.ts"

const APP = `import asyncio
import time

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str


@app.post("/items", status_code=201)
async def create_item(item: Item) -> dict[str, str]:
    time.sleep(1)
    await asyncio.sleep(0)
    return item.dict()
`

const { cli, remove } = install()
afterAll(remove)
let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fastlint-fix-"))
  writeFileSync(join(folder, "requirements.txt"), "fastapi==0.136.0\npydantic==2.11.0\n")
  writeFileSync(join(folder, "main.py"), APP)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const check = (...args: string[]) =>
  spawnSync(process.execPath, [cli, "check", "--select", "validation/pydantic-v1-api,async", "--format", "concise", ...args], {
    cwd: folder,
    encoding: "utf8",
  })
const text = (name = "main.py") => readFileSync(join(folder, name), "utf8")

test("--diff shows what --fix would do, and changes nothing", () => {
  const { stdout, status } = check("--diff")
  expect(status).toBe(1)
  expect(stdout).toMatch(/^--- a\/main\.py\n\+\+\+ b\/main\.py\n@@ /)
  expect(stdout).toContain("-    return item.dict()\n+    return item.model_dump()\n")
  expect(stdout).not.toContain("asyncio.sleep(1)")
  expect(text()).toBe(APP)
})

test("--fix applies what is safe, --unsafe-fixes the rest, and then there is nothing left", () => {
  const safe = check("--fix")
  expect(safe.stderr).toBe("Fixed 1 problem in 1 file\n  main.py:18  validation/pydantic-v1-api  Write `model_dump`  (safe)\n")
  expect(safe.status).toBe(1)
  expect(text()).toBe(APP.replace("item.dict()", "item.model_dump()"))
  expect(check("--fix", "--unsafe-fixes").status).toBe(0)
  expect(text()).toBe(APP.replace("item.dict()", "item.model_dump()").replace("time.sleep(1)", "await asyncio.sleep(1)"))
  expect(check("--fix", "--unsafe-fixes").stderr).toBe("")
  expect(check("--diff", "--unsafe-fixes")).toMatchObject({ stdout: "", status: 0 })
})

test("a byte order mark and CRLF are kept", () => {
  writeFileSync(join(folder, "main.py"), `\uFEFF${APP.replaceAll("\n", "\r\n")}`)
  check("--fix")
  expect(text()).toBe(`\uFEFF${APP.replace("item.dict()", "item.model_dump()").replaceAll("\n", "\r\n")}`)
})

test("what is not written in UTF-8, or is a link, is left alone and told", () => {
  writeFileSync(join(folder, "main.py"), Buffer.from(`# coding: latin-1\n# caf\u00e9\n${APP}`, "latin1"))
  const before = readFileSync(join(folder, "main.py"))
  expect(check("--fix").stderr).toContain("not fixed: main.py: it is written in latin-1")
  expect(readFileSync(join(folder, "main.py"))).toEqual(before)
  writeFileSync(join(folder, "real.txt"), APP)
  rmSync(join(folder, "main.py"))
  symlinkSync(join(folder, "real.txt"), join(folder, "main.py"))
  expect(check("--fix").stderr).toContain("not fixed: main.py: it is a link")
  expect(text("real.txt")).toBe(APP)
})
