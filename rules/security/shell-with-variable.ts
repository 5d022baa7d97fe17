import {
  type CallEvent,
  isEnum,
  knownBoolean,
  knownText,
  options,
  type Project,
  quote,
  requestFlows,
  rule,
  shortName,
  type Value,
} from "#rule"

export default rule({
  summary: "A line for a shell with a value written into it",
  why: `
A shell reads the whole line: a space in the value makes two arguments, and \`;\`, \`$(...)\` or a quote makes another command. Where
the value comes from is often decided elsewhere, and later: a path that is a constant today is a setting tomorrow, and then a
field of a form.
`,
  help: 'Give a list and no shell: `subprocess.run(["convert", path])`; where a shell is needed, `shlex.quote` each value',
  concern: "security",
  level: "info",
  optIn: true,
  docs: "https://docs.python.org/3/library/subprocess.html#security-considerations",
  equivalents: ["S602", "S604", "S605", "S607"],
  cwe: ["CWE-78"],
  exemptions: [
    "constants, numbers, enums, paths of constants, settings, `shlex.quote`, `sys.executable`",
    "a whole command that is handed in: running it is what the function is for",
    "scripts, tests, and commands that a person starts; what a client sends is `security/command-injection`",
  ],
  examples: [
    {
      bad: `
        import subprocess
        from fastapi import FastAPI

        app = FastAPI()

        def train(arguments: dict) -> None:
            subprocess.Popen(f"trainer run {arguments['file']}", shell=True) # expect: \`subprocess.Popen\` gives a shell a line with a value in it
      `,
      good: `
        import subprocess
        from fastapi import FastAPI

        app = FastAPI()

        def train(arguments: dict) -> None:
            subprocess.Popen(["trainer", "run", arguments["file"]])
      `,
    },
  ],

  *project(project) {
    const told = new Set(
      requestFlows(project, ["command"])
        .flatMap(({ at, also }) => [at, ...also.map((one) => one.at)])
        .map(({ path, start }) => `${path}:${start}`),
    )
    for (const { in: fn, event } of project.bodies.callsOf((name) => SHELLS.test(name) || STARTS.test(name))) {
      if (fn.role !== "app" || project.reach.running(fn) === "elsewhere" || told.has(`${event.at.path}:${event.at.start}`)) continue
      const line = lineOf(event)
      if (line && options(line).some((one) => isMixed(one, project)))
        yield {
          at: event.at,
          message: `${quote(shortName(event.name as string))} gives a shell a line with a value in it, and nothing here keeps the value from being a command`,
          scope: fn.id,
        }
    }
  },
})

/** Give a shell a line to read. */
const SHELLS = /^os\.(system|popen)$|^subprocess\.(getoutput|getstatusoutput)$|^asyncio\.(subprocess\.)?create_subprocess_shell$/
/** Start a shell where `shell=True` says so. */
const STARTS = /^subprocess\.(run|call|check_call|check_output|Popen)$/

/** What a shell is given to read. */
function lineOf({ name = "", positional, keywords }: CallEvent): Value | undefined {
  if (SHELLS.test(name)) return positional[0] ?? keywords.get("command") ?? keywords.get("cmd")
  if (!STARTS.test(name)) return undefined
  const shell = keywords.get("shell")
  return shell && knownBoolean(shell) === true ? (positional[0] ?? keywords.get("args")) : undefined
}

/** Words of the code, and a value between them. */
const isMixed = (line: Value, project: Project): boolean =>
  line.is === "text" &&
  line.assumed !== true &&
  line.parts.some((part) => typeof part === "string" && /\w/.test(part)) &&
  line.parts.some((part) => typeof part !== "string" && options(part).some((one) => !isHarmless(one, project)))

function isHarmless(value: Value, project: Project, depth = 0): boolean {
  if (depth > 8 || value.is === "literal" || knownText(value) !== undefined) return true
  if (value.is === "text")
    return value.assumed === true || value.parts.every((part) => typeof part === "string" || isHarmless(part, project, depth + 1))
  if (value.is === "instance") return isEnum(project, value.of) !== false
  if (value.is === "unknown") return value.why === "a path of the machine"
  if (value.is === "either") return value.options.every((one) => isHarmless(one, project, depth + 1))
  if (value.is !== "external") return false
  if (HARMLESS.test(value.name)) return true
  // A path of constants is one.
  const { built, on, self } = value
  const parts = [on ?? self, ...(built?.positional ?? []), ...(built?.keywords.values() ?? [])].filter((one) => one !== undefined)
  return parts.length > 0 && PATHS.test(value.name) && parts.every((one) => isHarmless(one, project, depth + 1))
}

const HARMLESS =
  /^(builtins\.(int|float|bool|len|range|hash|id)\(\)|shlex\.(quote|join)\(\)|sys\.(executable|prefix|argv|platform)|os\.(getpid|getcwd|getuid|cpu_count|environ|getenv|sep|devnull)|tempfile\.|uuid\.|datetime\.|time\.|random\.|secrets\.|platform\.|socket\.gethostname|shutil\.which|pydantic_settings\.|pathlib\.Path\.(home|cwd)\(\))/
const PATHS = /^(pathlib\.\w+\(\)|os\.path\.\w+\(\)|operator\.\w+\(\)|builtins\.str\(\)|importlib\.resources\.)/
