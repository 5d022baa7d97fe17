import { Command, InvalidArgumentError, Option } from "commander"
import { VERSION } from "#version"
import { FORMAT_HELP } from "./format-help.ts"
import { chooseColor } from "./look.ts"

const EXIT_CODES = `
Exit codes:
  0    nothing found at or above --fail-on
  1    problems found
  2    could not start: a bad flag or configuration, a missing path, no FastAPI app
  3    the run is incomplete: a file that cannot be read, an internal error
  130  interrupted`

/** The command line. Each command's code is loaded when it is called, so that `--help` is quick. */
export function program(): Command {
  const root = new Command("fastlint")
    .description("The review an expert backend architect would give your FastAPI project, before anyone runs it.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .addOption(new Option("--color <when>", "use colours").choices(["auto", "always", "never"]).default("auto"))
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .allowExcessArguments()
    .showHelpAfterError("Try `fastlint --help`.")
    .exitOverride()
    .addHelpText(
      "after",
      `
Examples:
  fastlint check                     check the project that you stand in
  fastlint check app/api             read the whole project, show what concerns one folder
  fastlint check --format sarif --output-file out.sarif
  fastlint routes                    what the app serves, and who may call it
  fastlint checklist                 what passes, what fails, and what nobody could see
  fastlint explain async/blocking-call
${EXIT_CODES}`,
    )
  root.hook("preAction", (_, command) => chooseColor(command.optsWithGlobals().color))

  project(root.command("check"), "find problems in a FastAPI project")
    .argument("[paths...]", "files or folders (default: here); `-` reads one file from stdin")
    .option("--format <format>", "how to print; see below")
    .addOption(new Option("--output-format <format>", "the same as --format").hideHelp())
    .option("-o, --output-file <path>", "print to a file")
    .option("--report <format=path>", "write another report as well; may be repeated", collect)
    .addOption(
      new Option("--paths <base>", "what paths are relative to (default: root for sarif and gitlab, else cwd)").choices([
        "cwd",
        "root",
        "absolute",
      ]),
    )
    .option("--select <rules>", "check these rules or sections only: `async,http/shadowed-route`", list)
    .option("--extend-select <rules>", "check these too", list)
    .option("--ignore <rules>", "do not check these", list)
    .option("--per-file-ignores <pattern:rules>", "do not check these in some files: `tests/**:auth,http`; may be repeated", perFileIgnores)
    .addOption(failOn())
    .option("--since <revision>", "only what this git revision did not have")
    .option("--ignore-suppressions", "show also what comments silence, to see what they hide")
    .option("--baseline <path>", "the file of known problems (default: fastlint-baseline.json, if there is one)")
    .option("--no-baseline", "known problems count, too")
    .option("--strict-baseline", "fail also where the baseline lists what is fixed by now")
    .option("--exit-zero", "end with 0 even if problems are found")
    .option("--allow-empty", "no Python file or no FastAPI app is fine")
    .option("--stdin-filename <path>", "the file that stdin stands for")
    .option("--force-exclude", "apply excludes to files that are named, too")
    .option("--no-respect-gitignore", "read files that git ignores, too")
    .option("--show-files", "list the files that would be read, and stop")
    .option("--show-settings", "list every setting, its value and where it comes from, and stop")
    .option("--show-all", "name every route and place, where else the rest is only counted")
    .option("--max-per-rule <n>", "print at most so many problems of each rule, and count the rest; for people, not for documents", whole)
    .option("--statistics", "count problems by rule")
    .option("--fix", "repair what can be repaired without changing what the program does")
    .option("--unsafe-fixes", "repair also where it may change what the program does")
    .option("--fix-only", "repair, and say nothing of what is left; ends with 0 where the repairs could be made")
    .option("--show-fixes", "name every repair; without --fix, every repair that could be made")
    .option("--add-ignore [reason]", 'write a comment above whatever is found, with this reason: `--add-ignore="before the rewrite"`')
    .option("--diff", "show what would be repaired, and change nothing")
    .option("--watch", "check again whenever a file changes; for editors: concise lines between a begin and an end line")
    .option("--timings", "say where the time went")
    .option("-q, --quiet", "print nothing where nothing is found")
    .option("-s, --silent", "print nothing but why it could not do its work; the exit code tells the rest")
    .option("-v, --verbose", "say more of what was read")
    .addHelpText(
      "after",
      `
Formats:
${Object.entries(FORMAT_HELP)
  .map(([name, says]) => `  ${name.padEnd(15)}  ${says}`)
  .join("\n")}

Examples:
  fastlint check --select async --fail-on warning
  fastlint check --report sarif=out.sarif --report json=out.json
  git show :app/main.py | fastlint check - --stdin-filename app/main.py
${EXIT_CODES}`,
    )
    .action(async (paths: string[], options) => (await import("./check.ts")).check(paths, options))

  project(root.command("routes"), "show what the app serves: method, path, authentication, response")
    .argument("[path]", "the project (default: here)")
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json", "md", "csv"]).default("text"))
    .option("--allow-empty", "no FastAPI app is fine")
    .option("--filter <key=value>", "only some: `auth=none|yes|unknown`, `method=`, `path=`, `tested=no`; may be repeated", collect)
    .option("--problems", "only routes in which something is found, and what")
    .option("--limit <n>", "at most so many rows", whole)
    .option("--diff <revision>", "what changed since a git revision")
    .action(async (path: string | undefined, options) => (await import("./routes.ts")).routes(path ?? ".", options))

  project(root.command("checklist"), "the quality checklist: what passes, what fails, and what nobody could see")
    .argument("[path]", "the project (default: here)")
    .addOption(
      new Option("--format <format>", "how to print").choices(["text", "json", "md", "html", "junit-checklist", "badge"]).default("text"),
    )
    .option("-o, --output-file <path>", "print to a file")
    .addOption(failOn())
    .option("--exit-zero", "end with 0 even if an item fails")
    .option("--allow-empty", "no FastAPI app is fine")
    .option("-v, --verbose", "say what each item counts, what fails, and what no rule can see")
    .addHelpText("after", EXIT_CODES)
    .action(async (path: string | undefined, options) => (await import("./checklist.ts")).checklist(path ?? ".", options))

  project(root.command("questions"), "what could not be decided, and the configuration that answers it")
    .argument("[path]", "the project (default: here)")
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json", "toml"]).default("text"))
    .option("--ask", "ask here, on a terminal, and write the answers into the configuration")
    .option("--allow-empty", "no FastAPI app is fine")
    .action(async (path: string | undefined, options) => (await import("./questions.ts")).questions(path ?? ".", options))

  const baseline = root.command("baseline").description("keep a list of known problems, so that only new ones fail").exitOverride()
  const listing = (name: "create" | "update" | "prune" | "show", says: string) =>
    project(baseline.command(name), says)
      .argument("[path]", "the project (default: here)")
      .option("--baseline <path>", "the file (default: fastlint-baseline.json at the project's root)")
      .option("--rule <rules>", "only these rules or sections", list)
      .action(async (path: string | undefined, options) => (await import("./baseline.ts")).baseline(name, path ?? ".", options))
  listing("create", "list everything that is found now")
    .option("--include-security", "list security problems, too")
    .option("--force", "write over a list that is there")
  listing("update", "list what is found now, and drop what is not").option("--include-security", "list new security problems, too")
  listing("prune", "drop what is not found any more")
  listing("show", "print the problems that the list hides").addOption(
    new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"),
  )

  project(root.command("memory"), "write MEMORY.md: what a new member of the team, or a coding agent, should know of the project")
    .argument("[path]", "the project (default: here)")
    .option("-o, --output <path>", "another file; `-` prints it (default: MEMORY.md at the project's root)")
    .option("--check", "write nothing, and fail where the file is not what the code says")
    .option("--allow-empty", "no FastAPI app is fine")
    .action(async (path: string | undefined, options) => (await import("./memory/command.ts")).memory(path ?? ".", options))

  root
    .command("explain")
    .allowExcessArguments(false)
    .description("explain one rule: what, why, what to do, examples, options")
    .argument("[rule]", "its id, `async/blocking-call`, or its name where that is enough")
    .option("--all", "every rule")
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json", "md"]).default("text"))
    .action(async (rule: string | undefined, options) => (await import("./explain.ts")).explain(rule, options))

  configured(root.command("why"))
    .description("what is known of one line, what was found there, what silences it, and which settings decide")
    .argument("<file:line>", "`app/main.py:12`")
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"))
    .option("--show-all", "draw the way of every route")
    .action(async (place: string, options) => (await import("./why.ts")).why(place, options))

  configured(root.command("rules"))
    .description("list all rules, with their level under the configuration found here")
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json", "md"]).default("text"))
    .action(async (options) => (await import("./rules.ts")).rules(options))

  const config = configured(root.command("config"))
    .description("show every setting, its value and where it comes from")
    .option("--show [path]", "for this file or folder (default: here)")
    .option("--schema", "print the JSON schema of the configuration, for editors")
    .action(async (options) => (await import("./config.ts")).config(options))
  config
    .command("init")
    .description("write a commented configuration to begin with")
    .argument("[path]", "the project (default: here)")
    .option("--dry-run", "print it, and write nothing")
    .allowExcessArguments(false)
    .action(async (path: string | undefined, options) => (await import("./config-init.ts")).configInit(path ?? ".", options))

  configured(config.command("upgrade"))
    .description("bring the configuration to this version: the newest edition, the version, rules by their present names")
    .argument("[path]", "the project (default: here)")
    .option("--dry-run", "show what would change and what would be found, write nothing; ends with 1 if anything would change")
    .addHelpText(
      "after",
      `
An edition is a set of rules and defaults. An update of fastlint adds no rule to the edition that a project names, so it
turns no green build red; this command says what the newest edition finds before anybody is bound to it.`,
    )
    // What both commands know, the outer one takes.
    .action(async (path: string | undefined, _, command: Command) =>
      (await import("./config-upgrade.ts")).configUpgrade(path ?? ".", command.optsWithGlobals()),
    )

  configured(root.command("clean"))
    .description("forget what earlier runs kept to be faster")
    .argument("[path]", "the project (default: here)")
    .option("--cache-dir <folder>", "where it was kept (default: .fastlint_cache in the project)")
    .action(async (path: string | undefined, options) => (await import("./clean.ts")).clean(path ?? ".", options))

  project(root.command("doctor"), "what a bug report needs: versions, settings, numbers, crashes; no source code")
    .argument("[path]", "the project (default: here)")
    .option("--file <path>", "with the shape of this file: how long, and of which kinds of nodes")
    .option("--with-source", "with the text of that file, too")
    .action(async (path: string | undefined, options) => (await import("./doctor.ts")).doctor(path ?? ".", options))

  root
    .command("version")
    .allowExcessArguments(false)
    .description("print the version")
    .option("--json", "with the versions of Node and the platform")
    .action(async (options) => (await import("./version.ts")).version(options))

  root.action(async (_, command: Command) => {
    const [word] = command.args
    if (word === undefined) command.help({ error: true })
    else command.error(`error: unknown command '${word}'${await guess(word, command)}`)
  })
  return root
}

/** `fastlint app/` is most often meant as `fastlint check app/`. */
async function guess(word: string, command: Command): Promise<string> {
  const { existsSync } = await import("node:fs")
  if (existsSync(word)) return `\n(Did you mean \`fastlint check ${word}\`?)`
  const { nearest } = await import("#lint")
  const near = nearest(
    word,
    command.commands.map((one) => one.name()),
  )
  return near === undefined ? "" : `\n(Did you mean ${near}?)`
}

const failOn = (): Option =>
  new Option("--fail-on <level>", "the lowest level that fails the run (default: error)").choices(["error", "warning", "info", "never"])

const project = (command: Command, description: string): Command =>
  configured(command)
    .description(description)
    .option("--no-cache", "read every file anew, and keep nothing for the next run")
    .option("--cache-dir <folder>", "where to keep what was read (default: .fastlint_cache in the project)")
    .option("-j, --jobs <n>", "read files in so many threads (default: as many as pay)", whole)

const configured = (command: Command): Command =>
  command
    .option("--config <path|key=value>", "a configuration file, or one key of it; may be repeated", collect)
    .option("--isolated", "read no configuration file")
    .option("--edition <year>", "the set of rules and defaults, instead of the configured one")
    .allowExcessArguments(false)
    .exitOverride()

function whole(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError("a whole number, please")
  return Number(value)
}

/** `tests/**:auth,http/x`: rules by the pattern before the last colon. A comma before another pattern ends the list, as in ruff. */
function perFileIgnores(value: string, before: Record<string, string[]> = {}): Record<string, string[]> {
  const found: Record<string, string[]> = { ...before }
  let pattern: string | undefined
  for (const item of value.split(",").map((one) => one.trim())) {
    const at = item.lastIndexOf(":")
    if (at > 0) pattern = item.slice(0, at).trim()
    const rule = item.slice(at + 1).trim()
    if (at === 0 || pattern === undefined || rule === "")
      throw new InvalidArgumentError("a pattern, a colon and rules, please: `tests/**:auth,http`")
    found[pattern] = [...(found[pattern] ?? []), rule]
  }
  return found
}

const collect = (value: string, before: string[] = []): string[] => [...before, value]

/** `a,b` as given; flags may be repeated. */
function list(value: string, before: string[] | undefined): string[] {
  const items = value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "")
  if (items.length === 0) throw new InvalidArgumentError("name at least one rule")
  return [...(before ?? []), ...items]
}
