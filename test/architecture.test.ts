/** The arrows between the rooms, read from the import lines. */
import { readFileSync } from "node:fs"
import { basename } from "node:path"
import { globSync } from "tinyglobby"
import { expect, test } from "vitest"

/** Which doors each room may open, itself excepted; some for types only, since what a run found is told in the words of reports. */
const ARROWS: Record<string, string[]> = {
  "src/cli.ts": ["commands"],
  "src/commands": ["engine", "version", "report", "lint", "fastapi", "python", "rules"],
  "src/engine": ["lint", "fastapi", "knowledge", "python", "rules", "types of report"],
  "src/report": ["types of lint"],
  "src/lint": ["fastapi", "python"],
  "src/fastapi": ["knowledge", "python"],
  "src/knowledge": [],
  "src/python": [],
  rules: ["rule"],
}

/** What only some may import from outside. `node:path` and friends are effects too: they know the platform. */
const EFFECTS = ["src/engine/", "src/commands/", "src/cli.ts"]

interface Import {
  from: string
  typeOnly: boolean
}

const importsOf = (text: string): Import[] =>
  [...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|import\("([^"]+)"\)/gm)].map((match) => ({
    from: match[2] ?? match[3] ?? "",
    typeOnly: match[1] !== undefined,
  }))

const roomOf = (path: string): string => Object.keys(ARROWS).find((room) => path === room || path.startsWith(`${room}/`)) ?? ""

/** One sentence per breach. */
function breaches(path: string, text: string): string[] {
  const said: string[] = []
  const room = roomOf(path)
  const isEffectful = EFFECTS.some((place) => path.startsWith(place))
  for (const { from, typeOnly } of importsOf(text)) {
    const outside = from.startsWith("../") && new URL(from, `file:///${path}`).pathname.slice(1)
    if (room === "rules") {
      const isIndex = path === "rules/index.ts"
      if (from !== "#rule" && !(isIndex && from.startsWith("./")))
        said.push(`${path} imports ${from}: rules import \`#rule\` and nothing else`)
      continue
    }
    if (from.startsWith("#")) {
      const door = from.slice(1)
      const own = room.replace("src/", "")
      if (door === own || (door === "rule" && own === "lint")) said.push(`${path} imports ${from}: inside a room, import the file itself`)
      else if (!ARROWS[room]?.includes(door) && !(typeOnly && ARROWS[room]?.includes(`types of ${door}`)))
        said.push(`${path} imports ${from}: ${own} knows ${ARROWS[room]?.join(", ") || "no other room"}`)
    } else if (from.startsWith(".") && outside && roomOf(outside) !== room) {
      said.push(`${path} imports ${from}: rooms are entered by their doors (\`#python\`, \`#lint\`, ...)`)
    } else if (from.startsWith("node:") && !isEffectful) {
      said.push(`${path} imports ${from}: the core runs in a browser; disk, threads and time belong to engine and commands`)
    }
  }
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, "")
  if (/\bWebAssembly\b/.test(code) && path !== "src/python/parse.ts")
    said.push(`${path} says WebAssembly: only src/python/parse.ts knows the parser`)
  const effect = /(?<![\w.#"'`])(process\.\w+|new Date\b|Date\.now|performance\.now|new Worker\b)/.exec(code)
  if (effect && !isEffectful) said.push(`${path} says ${effect[1]}: the core knows neither process nor time`)
  if (/^(utils?|helpers?|services?|managers?|common|misc)\b/.test(basename(path)))
    said.push(`${path}: a file is named after the one idea that it holds`)
  const lines = text.split("\n").length
  if (lines > 400 && !isData(path)) said.push(`${path} has ${lines} lines: a file holds one idea, in 400 lines at most`)
  return said
}

/** Declarations that follow another document line by line, and tables. */
const isData = (path: string): boolean => path === "src/python/nodes.ts" || path.startsWith("src/knowledge/") || path === "rules/index.ts"

test("the rooms of the house", () => {
  const paths = globSync(["src/**/*.ts", "rules/**/*.ts"]).sort()
  expect(paths.length).toBeGreaterThan(0)
  expect(paths.flatMap((path) => breaches(path, readFileSync(path, "utf8")))).toEqual([])
})

test.each([
  ["rules/http/x.ts", 'import { parse } from "#python"', "rules/http/x.ts imports #python: rules import `#rule` and nothing else"],
  ["src/python/x.ts", 'import type { Rule } from "#lint"', "src/python/x.ts imports #lint: python knows no other room"],
  [
    "src/lint/x.ts",
    'import { y } from "../python/y.ts"',
    "src/lint/x.ts imports ../python/y.ts: rooms are entered by their doors (`#python`, `#lint`, ...)",
  ],
  ["src/lint/x.ts", 'import { y } from "#rule"', "src/lint/x.ts imports #rule: inside a room, import the file itself"],
  ["src/report/x.ts", 'import { y } from "#lint"', "src/report/x.ts imports #lint: report knows types of lint"],
  [
    "src/lint/x.ts",
    'import { readFileSync } from "node:fs"',
    "src/lint/x.ts imports node:fs: the core runs in a browser; disk, threads and time belong to engine and commands",
  ],
  ["src/lint/x.ts", "const now = Date.now()", "src/lint/x.ts says Date.now: the core knows neither process nor time"],
  [
    "src/fastapi/x.ts",
    "const parser = WebAssembly.compile(bytes)",
    "src/fastapi/x.ts says WebAssembly: only src/python/parse.ts knows the parser",
  ],
  ["src/lint/utils.ts", "", "src/lint/utils.ts: a file is named after the one idea that it holds"],
  ["src/lint/long.ts", "\n".repeat(400), "src/lint/long.ts has 401 lines: a file holds one idea, in 400 lines at most"],
])("%s with %#: one sentence", (path, text, sentence) => {
  expect(breaches(path, text)).toEqual([sentence])
})

test.each([
  ["rules/http/x.ts", 'import { rule } from "#rule"'],
  ["src/lint/x.ts", 'import type { Project } from "#fastapi"\nimport { y } from "./y.ts"'],
  ["src/report/x.ts", 'import type { Level } from "#lint"\nimport chalk from "chalk"'],
  ["src/engine/x.ts", 'import { readFileSync } from "node:fs"\nconst now = Date.now()'],
  ["src/lint/x.ts", "// says nothing of Date.now()\n"],
])("%s may have %j", (path, text) => {
  expect(breaches(path, text)).toEqual([])
})
