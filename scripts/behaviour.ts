/**
 * Counts which start-up errors of FastAPI are foreseen:
 *
 *   node scripts/run.js scripts/behaviour.ts FILE [--version 0.141] [--missed] [--noisy] [--found] [--only TEXT]
 *
 * FILE holds snippets of Python with what running them gave on several versions of FastAPI:
 * `{"_stacks": {"0.141.1": "starlette 1.7.0, pydantic 2.13.5"}, "cases": {title: {code, results: {version: outcome}}}}`.
 * An outcome that begins with "OK" is an application that starts, unless the snippet catches its own exception; anything
 * else is the exception. Each snippet is linked
 * as a project of one file that pins those versions, and every rule with `startup: true` looks at it.
 */
import { readFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { review } from "#lint"
import { rules } from "#rules"
import { loadGrammarForTests } from "../test/grammar.ts"

interface Recorded {
  _stacks: Record<string, string>
  cases: Record<string, { code: string; results: Record<string, string> }>
}

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: "string" },
    only: { type: "string" },
    missed: { type: "boolean" },
    noisy: { type: "boolean" },
    found: { type: "boolean" },
  },
})
const [path] = positionals
if (!path) throw new Error("usage: behaviour.ts FILE [--version 0.141] [--missed] [--noisy] [--found] [--only TEXT]")
const recorded = JSON.parse(readFileSync(path, "utf8")) as Recorded
const stacks = Object.keys(recorded._stacks)
const version = flags.version ? stacks.find((one) => one.startsWith(flags.version as string)) : stacks.at(-1)
if (!version) throw new Error(`no such version; there are ${stacks.join(", ")}`)

await loadGrammarForTests()

/** What the snippets may use without importing it, by module. */
const NAMES: Record<string, string> = {
  typing:
    "Annotated Any AsyncIterable AsyncIterator AsyncGenerator Callable ClassVar DefaultDict Deque Dict Final FrozenSet Generator Generic Iterable Iterator List Literal Mapping NamedTuple NewType Optional Protocol Sequence Set Tuple Type TypedDict TypeVar Union",
  fastapi:
    "APIRouter BackgroundTasks Body Cookie Depends FastAPI File Form Header HTTPException Path Query Request Response Security UploadFile WebSocket WebSocketDisconnect WebSocketException params status",
  "fastapi.responses":
    "FileResponse HTMLResponse JSONResponse ORJSONResponse PlainTextResponse RedirectResponse StreamingResponse UJSONResponse",
  "fastapi.security":
    "APIKeyCookie APIKeyHeader APIKeyQuery HTTPAuthorizationCredentials HTTPBasic HTTPBasicCredentials HTTPBearer HTTPDigest OAuth2 OAuth2AuthorizationCodeBearer OAuth2PasswordBearer OAuth2PasswordRequestForm OAuth2PasswordRequestFormStrict OpenIdConnect SecurityScopes",
  "fastapi.testclient": "TestClient",
  pydantic: "BaseModel Field",
  "starlette.requests": "HTTPConnection",
  "starlette.routing": "Host Mount Route WebSocketRoute",
}
const prelude = [
  "import enum, dataclasses, datetime, uuid, decimal, functools, contextlib, asyncio, inspect",
  "import fastapi, pydantic, starlette",
  ...Object.entries(NAMES).map(([module, names]) => `from ${module} import ${names.split(" ").join(", ")}`),
  "app = FastAPI()",
].join("\n")

const pins = [`fastapi==${version}`, ...(recorded._stacks[version] ?? "").split(", ").map((pin) => pin.replace(" ", "==")), "python==3.11"]
const header = `${pins.map((pin) => `# with: ${pin}`).join("\n")}\n${prelude}\n`
const foreseeing = rules.filter((rule) => rule.startup)

/** Snippets that catch what they raise and show it as their result: an accusation of one is neither right nor wrong by this record. */
const catchesItself = (code: string, outcome: string): boolean =>
  /^\s*except /m.test(code) && outcome.startsWith("OK") && /\w+(Error|Exception)\b/.test(outcome.split(" | W:")[0] ?? "")

const count = { foreseen: 0, missed: 0, silent: 0, noisy: 0, caught: 0 }
const byRule = new Map<string, number>()
const crashed: string[] = []

for (const [title, { code, results }] of Object.entries(recorded.cases)) {
  const outcome = results[version]
  if (outcome === undefined || (flags.only && !`${title}\n${code}`.includes(flags.only))) continue
  const { findings, crashes } = review([{ path: "main.py", text: `${header}${code}\n` }], foreseeing)
  for (const { rule, error } of crashes) crashed.push(`${rule} on "${title}": ${error instanceof Error ? error.stack : String(error)}`)
  for (const rule of new Set(findings.map(({ rule }) => rule))) byRule.set(rule, (byRule.get(rule) ?? 0) + 1)
  const starts = outcome.startsWith("OK")
  const told = findings.length > 0
  const answer = told && catchesItself(code, outcome) ? "caught" : starts ? (told ? "noisy" : "silent") : told ? "foreseen" : "missed"
  count[answer]++
  if (!(answer === "missed" ? flags.missed : answer === "noisy" ? flags.noisy : answer === "foreseen" && flags.found)) continue
  console.log(`${answer.padEnd(9)} ${title}`)
  for (const line of code.trimEnd().split("\n")) console.log(`            ${line}`)
  console.log(`        => ${outcome.slice(0, 200)}`)
  for (const { rule, message } of findings) console.log(`        !! ${rule}: ${message}`)
  console.log("")
}

for (const crash of crashed) console.log(`crash     ${crash}`)
const errors = count.foreseen + count.missed
const percent = errors > 0 ? ` (${((100 * count.foreseen) / errors).toFixed(1)} %)` : ""
console.log(
  `FastAPI ${version}, ${foreseeing.length} rules: ${count.foreseen} of ${errors} errors foreseen${percent}, ${count.noisy} of ${count.silent + count.noisy} that start accused (and ${count.caught} that catch their own error)`,
)
for (const [rule, times] of [...byRule].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`  ${rule.padEnd(44)}${String(times).padStart(4)}`)
