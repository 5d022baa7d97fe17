import {
  type Call,
  type Expr,
  enclosingFunction,
  type Finding,
  isTextConstant,
  lastName,
  type Node,
  type PyFile,
  quote,
  rule,
  secretKind,
  wordsOf,
} from "#rule"

export default rule({
  summary: "A secret that is written to a log or sent in a mail",
  why: `
Logs are kept for long, copied to other systems and read by many who may not know the secret; a mailbox is no better. A
password or key that was written down there once has to be replaced, if anyone notices.
`,
  help: "Leave it out, or write something that identifies it and opens nothing: an id, the last four characters",
  concern: "security",
  level: "warning",
  docs: "https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html",
  equivalents: ["S5145"],
  cwe: ["CWE-532", "CWE-312"],
  exemptions: [
    "what only speaks of a secret: its length, whether it is there, a hash, a mask, its first characters",
    "`SecretStr`, which shows stars",
    "what a command prints, in a file that uses `argparse`, `typer`, `click` or `rich`",
    "words of a language model (`for token in stream: print(token)`)",
    "tokens that open nothing: who holds a lock, what is claimed of somebody",
    "tests, scripts and migrations",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        import logging

        logger = logging.getLogger(__name__)

        def log_in(name: str, password: str, api_key: str) -> None:
            logger.info("login of %s with %s", name, password) # expect: writes \`password\` to the log
            print(f"using {api_key}") # expect: writes \`api_key\` to the log

        def welcome(address: str, password: str) -> None:
            send_welcome_email(to=address, password=password) # expect: sends \`password\` in a mail

        def send_welcome_email(to: str, password: str) -> None: ...
      `,
      good: `
        import logging

        logger = logging.getLogger(__name__)

        def log_in(name: str, password: str, api_key: str) -> None:
            logger.info("login of %s, %d characters", name, len(password))
            logger.debug("key %s", mask(api_key))
            logger.debug("key %s...", api_key[:4])
            print("password missing" if not password else "password given")

        def mask(text: str) -> str:
            return "*" * len(text)
      `,
    },
  ],

  *file(file) {
    for (const node of file.all("Call")) {
      const sink = sinkOf(file, node)
      if (!sink) continue
      for (const { at, name } of sink === "mail" ? mailed(node) : written(file, node)) {
        yield {
          at: file.at(at),
          message:
            sink === "mail"
              ? `${quote(lastName(node.func))} sends ${quote(name)} in a mail, where it stays readable`
              : `This writes ${quote(name)} to the log`,
          scope: enclosingFunction(node, file)?.name ?? file.path,
          discriminator: name,
        } satisfies Finding
      }
    }
  },
})

const LEVELS = new Set("debug info warning warn error exception critical fatal log trace success adebug ainfo awarning aerror".split(" "))

/** What a command prints is its answer to whoever called it. */
const isCommand = (file: PyFile): boolean => /^\s*(?:import|from)\s+(?:argparse|typer|click|rich)\b/m.test(file.text)

function sinkOf(file: PyFile, { func, keywords }: Call): "log" | "mail" | undefined {
  if (func.kind === "Name" && func.id === "print") return isCommand(file) ? undefined : "log"
  if (func.kind === "Attribute" && LEVELS.has(func.attr)) {
    // A program's own entrance speaks to whoever started it.
    if (/(^|\/)__main__\.py$/.test(file.path)) return undefined
    const of = lastName(func.value)
    return /^_?(?:logger|log|logging|loguru|structlog)$|_log(?:ger)?$|^get_?logger$|^bind$|^opt$/i.test(of) ||
      file.qualified(func)?.startsWith("logging.")
      ? "log"
      : undefined
  }
  const name = lastName(func)
  return /(?:^|_)e?mail(?:$|_)|^send\w*(?:Mail|mail)|(?:^|_)sms(?:$|_)/.test(name) && !LOOKUP.test(name) && keywords.length > 0
    ? "mail"
    : undefined
}

/** `get_user_by_email_and_password`: a mail is what is asked for, and none is sent. */
const LOOKUP =
  /(?:^|_)by_|^_?a?(?:get|find|fetch|load|check|create|update|change|set|verify|validate|is|has|log_?in|sign_?(?:in|up)|auth\w*|filter)_/

interface Told {
  at: Node
  name: string
}

/** A password that is given to what writes a mail. The account that sends it needs one too: it comes from settings. */
function* mailed({ keywords }: Call): Generator<Told> {
  for (const { arg, value } of keywords) {
    if (arg === null || arg === undefined || !/^(?:\w+_)?password$/.test(arg) || /smtp|mail|hash/.test(arg)) continue
    if (
      value.kind === "Name"
        ? value.id.toUpperCase() !== value.id && isPassword(value.id)
        : value.kind === "Attribute" && isPassword(value.attr) && !isSetting(value)
    )
      yield { at: value, name: lastName(value) }
  }
}

const isPassword = (name: string): boolean => secretKind(name) === "password"
const isSetting = (value: Expr): boolean =>
  value.kind === "Attribute" && (/^[A-Z0-9_]+$/.test(value.attr) || /^(?:settings|config|conf|cfg|self|env)$/i.test(lastName(value.value)))

function* written(file: PyFile, call: Call): Generator<Told> {
  for (const value of [...call.args, ...call.keywords.filter(({ arg }) => arg !== "extra").map((keyword) => keyword.value)])
    yield* shown(file, value)
}

/** The secrets that a value shows when it is written out. */
function* shown(file: PyFile, value: Expr): Generator<Told> {
  switch (value.kind) {
    case "Name":
    case "Attribute":
    case "Subscript":
      if (isSecret(file, value)) yield { at: value, name: lastName(value) }
      break
    case "JoinedStr":
      for (const part of value.values) if (part.kind === "FormattedValue") yield* shown(file, part.value)
      break
    case "BinOp":
      if (value.op === "Mod" || value.op === "Add") {
        yield* shown(file, value.left)
        yield* shown(file, value.right)
      }
      break
    case "Tuple":
    case "List":
      for (const item of value.elts) yield* shown(file, item)
      break
    case "Dict":
      for (const item of value.values) yield* shown(file, item)
      break
    case "Await":
      yield* shown(file, value.value)
      break
    case "Call":
      yield* ofCall(file, value)
      break
  }
}

/** Calls that hand a text on as it is. */
function* ofCall(file: PyFile, { func, args, keywords }: Call): Generator<Told> {
  const name = lastName(func)
  if (func.kind === "Attribute" && name === "get_secret_value") yield { at: func, name: lastName(func.value) || name }
  else if (func.kind === "Attribute" && name === "format" && isTextConstant(func.value))
    for (const value of [...args, ...keywords.map((keyword) => keyword.value)]) yield* shown(file, value)
  else if (func.kind === "Name" && (name === "str" || name === "repr") && args[0]) yield* shown(file, args[0])
  else if (/^(?:getenv|get)$/.test(name) && isTextConstant(args[0]) && /environ|getenv/.test(file.source(func)) && isOpening(args[0].value))
    yield { at: func, name: args[0].value }
}

/** Words that only name a kind of thing, where `print` shows what a model or a parser makes of a text. */
const PLAIN = /^(?:token|tokens|secret|key|pwd)$/

function isSecret(file: PyFile, value: Expr): boolean {
  const name = lastName(value)
  // The key by which a service is looked up.
  if (/^(service|plugin|provider|component)_key$/.test(name)) return false
  if (!isOpening(name) || opensNothing(file, value, name)) return false
  // The name of an environment variable, or an enum's member: constants of a class.
  if (value.kind === "Attribute" && /^[A-Z]/.test(lastName(value.value)) && !/settings|config/i.test(lastName(value.value))) return false
  if (!PLAIN.test(wordsOf(name))) return true
  if (wordsOf(name) !== "token") return false
  const fn = enclosingFunction(value, file)
  return (
    fn !== undefined &&
    !isFromLoop(file, value) &&
    /auth|login|user|verify|session|jwt|invit|reset|register/i.test(`${fn.name} ${file.path}`)
  )
}

/** The mark of who holds a lock; a claim in text, as SharePoint has them. */
const opensNothing = (file: PyFile, value: Expr, name: string): boolean =>
  /\bclaims? token$/.test(wordsOf(name)) ||
  (/\btoken$/.test(wordsOf(name)) && /(^|_)lock(_|$)/i.test(`${name} ${enclosingFunction(value, file)?.name}`.replace(" ", "_")))

const isOpening = (name: string): boolean =>
  secretKind(name) !== undefined &&
  !/^(?:is|has|no|use|show|hide|num|defined)_|_per_|pagination|cursor|^(?:request|lock|fencing|reservation|lease|claim)_token$/i.test(name)

function isFromLoop(file: PyFile, value: Expr): boolean {
  for (const around of file.around(value))
    if (
      (around.kind === "For" || around.kind === "AsyncFor") &&
      [...file.walk(around.target)].some((node) => node.kind === "Name" && node.id === lastName(value))
    )
      return true
  return false
}
