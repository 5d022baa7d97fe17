/** A small run made by hand: three files, three findings, one suppressed. Tests change what they are about. */
import type { CheckedThing, Checklist, ChecklistItem } from "../../src/report/checklist/checklist.ts"
import type { Range, Reported, RuleDescription, Run, Summary } from "../../src/report/report.ts"

export const FILES: Record<string, string> = {
  "app/api/users.py": `from fastapi import APIRouter

router = APIRouter()


@router.post("/users", status_code=201)
async def create_user(payload: UserIn, db: SessionDep):
    user = User(**payload.model_dump())
    db.add(user)
    await db.commit()
    return user


@router.get("/users/{user_id}/profile", response_model=ProfileOut)
async def read_profile(user_id: int, svc: ProfileServiceDep) -> ProfileOut:
    # the profile lives elsewhere
    if user_id < 1:
        raise HTTPException(404)
    profile = svc.load(user_id)
    return profile
`,
  "app/services/profile.py": `class ProfileService:
    def load(self, user_id: int):
        return fetch_json(f"/profiles/{user_id}")
`,
  "app/services/http.py": `import requests


def fetch_json(url: str):
    return requests.get(url, timeout=10).json()
`,
}

/** `12:5-9`, or `12:5-14:2`. */
export function range(text: string): Range {
  const [, line, column, endLine, endColumn] = /^(\d+):(\d+)-(?:(\d+):)?(\d+)$/.exec(text)!.map(Number)
  return { start: { line: line!, column: column! }, end: { line: endLine || line!, column: endColumn! } }
}

export function finding(given: Partial<Reported> = {}): Reported {
  return {
    id: "1",
    rule: "async/blocking-call",
    level: "error",
    concern: "performance",
    message: "`requests.get` runs on the event loop of GET /users/{user_id}/profile",
    path: "app/api/users.py",
    range: range("19:15-32"),
    routes: ["GET /users/{user_id}/profile"],
    trace: [],
    related: [],
    why: "While it waits, this worker answers nobody else. Health checks fail first.",
    help: "Await an async client, or call it with `run_in_threadpool`",
    docs: "https://fastapi.tiangolo.com/async/",
    cwe: [],
    equivalents: ["ASYNC210"],
    fingerprint: "0f3a9c1d7be24a55",
    ...given,
  }
}

export const BLOCKING = finding({
  routes: ["GET /users/{user_id}/profile", "POST /orders", "GET /orders/{id}", "GET /me"],
  alsoRoutes: 3,
  trace: [
    { path: "app/api/users.py", range: range("19:15-32"), symbol: "read_profile", message: "calls `ProfileService.load`" },
    { path: "app/services/profile.py", range: range("3:16-50"), symbol: "load", message: "calls `fetch_json`" },
    { path: "app/services/http.py", range: range("5:12-24"), symbol: "fetch_json", message: "calls `requests.get`, which blocks" },
  ],
  related: [{ path: "app/api/users.py", range: range("15:1-10"), message: "runs on the event loop" }],
  fix: {
    safety: "unsafe",
    title: "Call it in the thread pool",
    edits: [{ path: "app/api/users.py", range: range("19:15-32"), text: "await run_in_threadpool(svc.load, user_id)" }],
  },
})

export const UNFILTERED = finding({
  id: "2",
  rule: "secrets/unfiltered-response",
  level: "warning",
  concern: "security",
  message: "POST /users returns the ORM object `User` without a response model",
  range: range("6:2-40"),
  routes: ["POST /users"],
  why: "Every column goes out, also those that are added later.",
  help: "Add `response_model=` with a model that lists what may go out",
  docs: "https://fastapi.tiangolo.com/tutorial/response-model/",
  cwe: ["CWE-213"],
  equivalents: [],
  fingerprint: "77b0c2e41f9d3a08",
  related: [
    { path: "app/api/users.py", range: range("11:12-16"), message: "`User` has a column `hashed_password`" },
    { path: "app/models.py", range: range("24:5-20"), message: "declared here" },
  ],
})

export const SUPPRESSED = finding({
  id: "3",
  range: range("8:12-40"),
  suppressed: { by: "comment", reason: "legacy client, moves in May", at: { path: "app/api/users.py", line: 7 } },
})

export const RULES: RuleDescription[] = [BLOCKING, UNFILTERED].map(({ rule, level, concern, why, help, docs, cwe, equivalents }) => ({
  id: rule,
  summary: rule === BLOCKING.rule ? "A call that can wait runs on the event loop" : "A response that nothing filters",
  level,
  concern,
  why,
  help,
  docs,
  cwe,
  equivalents,
}))

const route = (name: string, line: number, given: Partial<CheckedThing> = {}): CheckedThing => ({
  kind: "route",
  name,
  path: "app/api/users.py",
  line,
  answer: "pass",
  findings: [],
  ...given,
})

function item(given: Partial<ChecklistItem> & Pick<ChecklistItem, "section" | "title" | "item">): ChecklistItem {
  const things = given.things ?? []
  const count = (answer: string) => things.filter((thing) => thing.answer === answer).length
  const [pass, fail, unsure] = [count("pass"), count("fail"), count("unsure")]
  return {
    result: fail > 0 ? "fail" : unsure > 0 ? "unsure" : pass > 0 ? "pass" : "n/a",
    unit: "route",
    things,
    pass,
    fail,
    unsure,
    causes: [],
    outside: [],
    rules: { on: [`${given.section}/one`], off: [] },
    suppressed: 0,
    unchecked: [],
    blind: "what nobody wrote down",
    ...given,
  }
}

/** One item of each result. */
export function checklist(findings: Reported[] = [BLOCKING]): Checklist {
  const failing = route("GET /users/{user_id}/profile", 15, { answer: "fail", findings: findings.map(({ id }) => id) })
  const open = route("POST /users", 7, { answer: "unsure", why: "`verify_link` may ask who is calling", question: "Q2" })
  return {
    apps: ["app.main:app", "app.admin:app"],
    routes: 3,
    files: 212,
    edition: "2027",
    items: [
      item({
        number: 1,
        section: "async",
        title: "Async is right",
        item: "Async/sync boundaries are correct",
        things: [route("POST /users", 7), failing],
        first: { path: "app/api/users.py", line: 19 },
      }),
      item({
        number: 2,
        section: "auth",
        title: "Authentication",
        item: "Authentication is correct",
        things: [open],
        question: "Q2",
        first: { path: "app/api/users.py", line: 7 },
        outside: [{ count: 2, why: "open, and only reading" }],
      }),
      item({
        number: 3,
        section: "http",
        title: "Statuses",
        item: "Statuses are correct",
        things: [route("POST /users", 7)],
        unchecked: ["methods"],
        suppressed: 1,
      }),
      item({ number: 4, section: "database", title: "Database", item: "Queries are optimised" }),
      item({
        section: "testing",
        title: "Tests",
        item: "Critical paths are tested",
        things: [{ ...failing, kind: "place", name: "app/main.py" }],
      }),
    ],
    findings,
    others: [],
    waiting: 1,
  }
}

export function run(
  given: Partial<Omit<Run, "options" | "summary">> & { options?: Partial<Run["options"]>; summary?: Partial<Summary> } = {},
): Run {
  const findings = given.findings ?? [BLOCKING, UNFILTERED]
  const number = (level: string) => findings.filter((found) => found.level === level).length
  const suppressed = given.suppressed ?? []
  return {
    tool: { name: "fastlint", version: "1.4.0" },
    notifications: [],
    rules: RULES,
    questions: [],
    unseen: [],
    checklist: () => checklist(findings),
    source: (path) => FILES[path],
    ...given,
    findings,
    suppressed,
    summary: {
      files: 212,
      appFiles: 190,
      routes: 148,
      apps: 1,
      rules: 41,
      errors: number("error"),
      warnings: number("warning"),
      info: number("info"),
      suppressed: suppressed.length,
      unseen: 0,
      questions: 0,
      durationMs: 1312,
      exitCode: number("error") > 0 ? 1 : 0,
      ...given.summary,
    },
    options: { color: false, unicode: true, width: 100, links: false, rootUri: "file:///repo/", ...given.options },
  }
}
