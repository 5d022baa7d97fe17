import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, expect, test } from "vitest"
import { install } from "./installed.ts"

const APP = "from fastapi import FastAPI\n\napp = FastAPI()\n"
const BLOCKING = `import time\n${APP}\n\n@app.get("/")\nasync def home() -> str:\n    time.sleep(1)\n    return "x"\n`
const [, task] = JSON.parse(readFileSync(".vscode/tasks.json", "utf8").replace(/^\s*\/\/.*$/gm, "")).tasks
const begins = new RegExp(task.problemMatcher.background.beginsPattern)
const ends = new RegExp(task.problemMatcher.background.endsPattern)

const { cli, remove } = install()
let folder = ""
afterAll(remove)
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test("one begin and one end line a run, as the editor's task expects, and 130 on Ctrl-C", async () => {
  folder = mkdtempSync(join(tmpdir(), "fastlint-watch-"))
  writeFileSync(join(folder, "main.py"), APP)
  const child = spawn(process.execPath, [cli, "check", ".", "--watch", "--format", "concise", "--select", "async"], { cwd: folder })
  const lines: string[] = []
  let waiting: (() => void) | undefined
  let rest = ""
  child.stdout.on("data", (data) => {
    const pieces = (rest + data).split("\n")
    rest = pieces.pop() as string
    lines.push(...pieces)
    waiting?.()
  })
  const runs = async (count: number) => {
    while (lines.filter((line) => ends.test(line)).length < count)
      await new Promise<void>((resolve) => {
        waiting = resolve
      })
  }
  const code = new Promise((resolve) => child.on("exit", resolve))
  await runs(1)
  expect(lines.filter((line) => !begins.test(line) && !ends.test(line))).toEqual([])
  writeFileSync(join(folder, "main.py"), BLOCKING)
  await runs(2)
  expect(lines.filter((line) => begins.test(line))).toHaveLength(2)
  expect(lines.at(-2)).toMatch(/^main\.py:9:5: error: .*time\.sleep.* \[async\/blocking-call\]$/)
  child.kill("SIGINT")
  expect(await code).toBe(130)
})
