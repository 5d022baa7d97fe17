import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { CannotStart, type ConfigRequest, loadConfig, type Selectable, selectionOf } from "#engine"
import { option } from "#lint"

const about = { summary: "", why: "", help: "" }
const known: Selectable[] = [
  {
    id: "async/blocking-call",
    level: "error",
    concern: "performance",
    formerly: ["async/blocking"],
    ...about,
    options: { allow: option.strings({ default: [], says: "Calls that are fine" }) },
  },
  { id: "async/unawaited-coroutine", level: "error", concern: "correctness", ...about },
  { id: "http/trailing-slash", level: "info", concern: "simplicity", ...about },
  { id: "security/cors-wildcard", level: "warning", concern: "security", ...about },
  { id: "syntax-error", level: "error", concern: "correctness", ...about },
]

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "fastlint-config-")))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

const load = (request: Partial<ConfigRequest> = {}, from = folder) => loadConfig(from, { cwd: folder, ...request }, known)

/** Problems as a reader sees them: sentence, marked text and its line, label. */
function mistakes(files: Record<string, string>, request: Partial<ConfigRequest> = {}): string[] {
  write(files)
  try {
    load(request)
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error
    return error.problems.map(({ message, at, label }) => {
      const place = at
        ? ` @ ${at.path}:${at.text.slice(0, at.start).split("\n").length} ${JSON.stringify(at.text.slice(at.start, at.end))}`
        : ""
      return `${message}${place}${label ? ` (${label})` : ""}`
    })
  }
  return []
}

const on = (request: Partial<ConfigRequest> = {}, path = "app/main.py") => {
  const selection = selectionOf(load(request).settings, known)
  return known.flatMap(({ id }) => (selection.levelIn(id, path) ? [`${id}=${selection.levelIn(id, path)}`] : []))
}

describe("discovery", () => {
  it("takes the nearest file that configures fastlint and skips a pyproject.toml that does not", () => {
    write({
      "pyproject.toml": '[tool.fastlint]\nignore = ["async"]\n',
      "services/api/pyproject.toml": "[project]\nname = 'x'\n",
      "services/api/app/main.py": "",
    })
    expect(load({}, join(folder, "services/api/app")).settings.file).toBe(join(folder, "pyproject.toml"))
  })

  it("prefers fastlint.toml in one folder and says that the table is shadowed", () => {
    write({ "pyproject.toml": "[tool.fastlint]\n", "fastlint.toml": 'fail-on = "warning"\n' })
    const { settings, warnings } = load()
    expect(settings.failOn).toBe("warning")
    expect(warnings.map((warning) => warning.message)).toEqual([
      "[tool.fastlint] in pyproject.toml is not used, because fastlint.toml is there too",
    ])
  })

  it("reads what a file extends, with patterns relative to the extended file", () => {
    write({
      "fastlint.toml": 'extend-exclude = ["legacy/**"]\nfail-on = "warning"\n',
      "services/api/fastlint.toml": 'extend = "../../fastlint.toml"\nfail-on = "never"\n',
    })
    const { settings } = load({}, join(folder, "services/api"))
    expect(settings).toMatchObject({ failOn: "never", extendExclude: ["legacy/**"], prefix: "services/api/" })
    expect(settings.origins.get("extend-exclude")).toBe("fastlint.toml:1")
    expect(settings.origins.get("fail-on")).toBe("services/api/fastlint.toml:2")
  })

  it("refuses a file that extends itself", () => {
    expect(mistakes({ "fastlint.toml": 'extend = "fastlint.toml"\n' })).toEqual(["fastlint.toml extends itself, by way of fastlint.toml"])
  })

  it("says where an extended file is missing", () => {
    expect(mistakes({ "fastlint.toml": 'extend = "base.toml"\n' })).toEqual([
      'fastlint.toml extends a file that does not exist @ fastlint.toml:1 "\\"base.toml\\"" (no file at base.toml)',
    ])
  })

  it("reads no file when isolated", () => {
    write({ "fastlint.toml": 'fail-on = "never"\n' })
    expect(load({ isolated: true }).settings).toMatchObject({ failOn: "error", origins: new Map() })
  })

  it("takes a file or single keys from --config", () => {
    write({ "ci.toml": 'fail-on = "never"\nrequire-reason = false\n' })
    expect(load({ config: ["ci.toml", 'fail-on = "info"'] }).settings).toMatchObject({ failOn: "info", requireReason: false })
  })
})

describe("mistakes", () => {
  it.each([
    ["unknown key", 'selct = ["async"]', ['unknown key `selct` in fastlint.toml @ fastlint.toml:1 "selct" (did you mean `select`?)']],
    [
      "unknown key in a table",
      "[auth]\npublc = []",
      ['unknown key `publc` in [auth] of fastlint.toml @ fastlint.toml:2 "publc" (did you mean `public`?)'],
    ],
    ["wrong type", 'select = "async"', ['`select` must be a list of rules or sections @ fastlint.toml:1 "\\"async\\""']],
    [
      "wrong word",
      'fail-on = "errors"',
      ['`fail-on` must be "error", "warning", "info" or "never" @ fastlint.toml:1 "\\"errors\\"" (did you mean "error"?)'],
    ],
    [
      "unknown rule",
      '[rules]\n"async/blocking-cal" = "error"',
      ['unknown rule `async/blocking-cal` @ fastlint.toml:2 "\\"async/blocking-cal\\"" (did you mean `async/blocking-call`?)'],
    ],
    ["unknown selector", 'ignore = ["async", "htpp"]', ['unknown rule `htpp` @ fastlint.toml:1 "\\"htpp\\"" (did you mean `http`?)']],
    [
      "unknown level",
      '[rules]\nhttp = "warn"',
      [
        '`rules.http` must be "off", "info", "warning" or "error", or a table with a level and options @ fastlint.toml:2 "\\"warn\\"" (did you mean "warning"?)',
      ],
    ],
    [
      "unknown option",
      '[rules]\nblocking-call = { alow = ["x"] }',
      ['rule async/blocking-call has no option `alow` @ fastlint.toml:2 "alow" (did you mean `allow`?)'],
    ],
    [
      "wrong option",
      "[rules]\nblocking-call = { allow = 3 }",
      ['`allow` of blocking-call must be a list of texts @ fastlint.toml:2 "3" (Calls that are fine)'],
    ],
    ["unknown edition", 'edition = "1999"', ['unknown edition "1999" @ fastlint.toml:1 "\\"1999\\"" (this version knows 2027)']],
    ["broken TOML", "select = [", ['fastlint.toml is not valid TOML @ fastlint.toml:1 "" (unspecified values are invalid)']],
  ])("frames %s", (_, text, expected) => {
    expect(mistakes({ "fastlint.toml": text })).toEqual(expected)
  })

  it("frames the key in pyproject.toml, and finds every mistake at once", () => {
    expect(
      mistakes({ "pyproject.toml": '[project]\nname = "x"\n\n[tool.fastlint]\nselct = []\n\n[tool.fastlint.auth]\npublic = 1\n' }),
    ).toEqual([
      'unknown key `selct` in [tool.fastlint] @ pyproject.toml:5 "selct" (did you mean `select`?)',
      '`auth.public` must be a list of routes or dotted names @ pyproject.toml:8 "1"',
    ])
  })

  it("names the flag that an unknown rule came from", () => {
    expect(mistakes({}, { flags: { select: ["async/blockingcall"] } })).toEqual(["unknown rule `async/blockingcall` in --select"])
  })

  it("holds a project to the version that it requires", () => {
    const [message] = mistakes({ "fastlint.toml": 'required-version = ">=999"' })
    expect(message).toMatch(/^this project requires fastlint >=999, and this is \d+\.\d+\.\d+ @ fastlint.toml:1/)
    expect(mistakes({ "fastlint.toml": 'required-version = ">=0.0.1"' })).toEqual([])
  })
})

describe("selection", () => {
  it("runs every rule at its own level by default", () => {
    expect(on()).toEqual([
      "async/blocking-call=error",
      "async/unawaited-coroutine=error",
      "http/trailing-slash=info",
      "security/cors-wildcard=warning",
      "syntax-error=error",
    ])
  })

  it("lets the more precise of select and ignore decide", () => {
    write({ "fastlint.toml": 'ignore = ["async", "http/trailing-slash"]\nextend-select = ["async/blocking-call"]\n' })
    expect(on()).toEqual(["async/blocking-call=error", "security/cors-wildcard=warning", "syntax-error=error"])
  })

  it("lets --select replace what the file chose, levels aside", () => {
    write({ "fastlint.toml": 'extend-select = ["http"]\n[rules]\nhttp = "error"\nasync = "warning"\n' })
    expect(on({ flags: { select: ["async/blocking-call"] } })).toEqual(["async/blocking-call=warning", "syntax-error=error"])
  })

  it("knows presets, former names and levels that switch a rule on", () => {
    write({ "fastlint.toml": 'preset = "security"\n[rules]\n"async/blocking" = "info"\n' })
    expect(on()).toEqual(["async/blocking-call=info", "security/cors-wildcard=warning", "syntax-error=error"])
  })

  it("applies per-file-ignores and overrides to the files they name", () => {
    write({
      "fastlint.toml":
        'select = ["async"]\n[per-file-ignores]\n"app/legacy" = ["async"]\n[[overrides]]\nfiles = ["app/internal/**"]\nrules = { blocking-call = "off", http = "warning" }\n',
    })
    expect(on()).toEqual(["async/blocking-call=error", "async/unawaited-coroutine=error", "syntax-error=error"])
    expect(on({}, "app/legacy/old.py")).toEqual(["syntax-error=error"])
    expect(on({}, "app/internal/x.py")).toEqual(["async/unawaited-coroutine=error", "http/trailing-slash=warning", "syntax-error=error"])
  })
})
