import {
  type AsyncFunctionDef,
  blocks,
  type Expr,
  type FunctionDef,
  functionAround,
  type Node,
  type PyFile,
  quote,
  rule,
  type Stmt,
} from "#rule"

export default rule({
  summary: "A name that an exception may leave unbound",
  why: `
What a \`try\` binds is not there when the very call that was to make it raises. The handler that then reads it raises
\`UnboundLocalError\` itself: the client gets a 500 instead of the answer that the handler was to give, and the log shows the
wrong error.
`,
  help: "Bind the name before the `try`, or end the handler with `return` or `raise`",
  concern: "correctness",
  level: "warning",
  docs: "https://docs.python.org/3/faq/programming.html#why-am-i-getting-an-unboundlocalerror-when-the-variable-has-a-value",
  equivalents: [],
  exemptions: [
    "names that are bound anywhere else in the function",
    "handlers of single exceptions, which may come from a later line",
    "what is read below an `if`, which may ask whether all went well",
  ],
  examples: [
    {
      bad: `
        import logging

        logger = logging.getLogger(__name__)

        def read(path: str) -> str:
            try:
                file = open(path)
                text = file.read()
            except Exception:
                logger.exception("Cannot read %s", file.name) # expect: \`file\` is not bound here when \`open(path)\` raises
            return text # expect: \`text\` is not bound here when \`open(path)\` raises
      `,
      good: `
        import logging

        logger = logging.getLogger(__name__)

        def read(path: str) -> str:
            text = ""
            try:
                file = open(path)
                text = file.read()
            except Exception:
                logger.exception("Cannot read %s", path)
            return text

        def count(path: str) -> int:
            try:
                lines = open(path).readlines()
            except Exception:
                logger.exception("Cannot read %s", path)
                return 0
            return len(lines)
      `,
    },
  ],

  *file(file) {
    const trying = new Set(file.all("Try").map((node) => functionAround(node, file)))
    for (const fn of trying.size > 0 ? file.all("FunctionDef", "AsyncFunctionDef") : [])
      if (trying.has(fn)) for (const one of triesIn(fn.body)) yield* unboundAt(file, one, fn)
  },
})

type Try = Extract<Stmt, { kind: "Try" }>

/** A `try`, and what follows it in its block. */
interface Found {
  node: Try
  after: Stmt[]
}

function* triesIn(statements: readonly Stmt[]): Generator<Found> {
  for (const [i, statement] of statements.entries()) {
    if (statement.kind === "FunctionDef" || statement.kind === "AsyncFunctionDef" || statement.kind === "ClassDef") continue
    if (statement.kind === "Try") yield { node: statement, after: statements.slice(i + 1) }
    for (const block of blocks(statement)) yield* triesIn(block)
  }
}

function* unboundAt(file: PyFile, { node, after }: Found, fn: FunctionDef | AsyncFunctionDef) {
  const broad = node.handlers.filter((handler) => isBroad(file, handler.type))
  if (broad.length === 0) return
  const late = [...boundLate(file, node)]
  const bound = late.length > 0 ? bindingsIn(file, fn) : undefined
  for (const { name, raises } of late) {
    const all = bound?.get(name) ?? []
    // Bound in this `try` and nowhere else: before the first pass nothing else has bound it.
    if (all.some((at) => at.start < node.start || at.end > node.end || !node.body.some((inner) => contains(inner, at)))) continue
    const handler = broad.find((one) => firstRead(file, one.body, name))
    const read =
      (handler && firstRead(file, handler.body, name)) ??
      (node.orelse.length === 0 && node.finalbody.length === 0 && broad.some((one) => !ends(file, one.body))
        ? firstRead(file, after, name)
        : undefined)
    if (!read) continue
    yield {
      at: file.at(read),
      message: `${quote(name)} is not bound here when ${quote(shortened(file.source(raises)))} raises`,
      discriminator: name,
    }
  }
}

const contains = (outer: Node, inner: Node): boolean => outer.start <= inner.start && inner.end <= outer.end

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, " ")
  return line.length > 50 ? `${line.slice(0, 47)}...` : line
}

function isBroad(file: PyFile, type: Expr | null): boolean {
  if (!type) return true
  const name = file.qualified(type)
  return name === "builtins.Exception" || name === "builtins.BaseException"
}

/** Calls of which nobody expects an exception: of dicts, of texts, of logs. */
const HARMLESS =
  /\.(get|setdefault|items|keys|values|copy|strip|lower|upper|split|join|startswith|endswith|replace|append|format|now|utcnow|time|monotonic|perf_counter|debug|info|warn|warning|error|exception)$|^(len|str|repr|list|dict|set|tuple|bool|isinstance|print|range|enumerate|zip|sorted|getattr|time|defaultdict)$|^os\.path\.(basename|dirname|join|splitext|normpath)$|(^|\.)(Async)?Session(Local|maker)?$/

function raisingIn(file: PyFile, statement: Stmt): Node | undefined {
  for (const node of file.walk(statement, { nested: false }))
    if (node.kind === "Call" && !HARMLESS.test(file.source(node.func))) return node
  return undefined
}

/** What the body of a `try` binds only after something that may raise, with that call. */
function* boundLate(file: PyFile, node: Try): Generator<{ name: string; raises: Node }> {
  let raises: Node | undefined
  const told = new Set<string>()
  for (const statement of node.body) {
    raises ??= raisingIn(file, statement)
    if (statement.kind !== "Assign" && statement.kind !== "AnnAssign") continue
    for (const target of statement.kind === "Assign" ? statement.targets : [statement.target])
      if (target.kind === "Name" && raises && !told.has(target.id)) {
        told.add(target.id)
        yield { name: target.id, raises }
      }
  }
}

/** Every place where a function binds a name, its parameters included. */
function bindingsIn(file: PyFile, fn: FunctionDef | AsyncFunctionDef): Map<string, Node[]> {
  const found = new Map<string, Node[]>()
  const add = (name: string | null | undefined, node: Node) => {
    if (name) found.set(name, [...(found.get(name) ?? []), node])
  }
  const addTarget = (target: Node): void => {
    if (target.kind === "Name") add(target.id, target)
    else if (target.kind === "Starred") addTarget(target.value)
    else if (target.kind === "Tuple" || target.kind === "List") target.elts.forEach(addTarget)
  }
  for (const node of file.walk(fn, { nested: false })) {
    switch (node.kind) {
      case "arg":
        add(node.arg, node)
        break
      case "Assign":
        node.targets.forEach(addTarget)
        break
      case "AnnAssign":
      case "AugAssign":
      case "NamedExpr":
      case "For":
      case "AsyncFor":
        addTarget(node.target)
        break
      case "withitem":
        if (node.optional_vars) addTarget(node.optional_vars)
        break
      case "alias":
        add((node.asname ?? node.name).split(".")[0], node)
        break
      case "ExceptHandler":
      case "MatchAs":
      case "MatchStar":
        add(node.name, node)
        break
      case "FunctionDef":
      case "AsyncFunctionDef":
      case "ClassDef":
        if (node !== fn) add(node.name, node)
        break
      case "Global":
      case "Nonlocal":
        for (const name of node.names) add(name, fn)
        break
      default:
    }
  }
  return found
}

/** Where a name is read for sure when these statements run; nothing below an `if`, within another `try`, or after `del`. */
function firstRead(file: PyFile, statements: readonly Stmt[], name: string): Node | undefined {
  for (const statement of statements) {
    if (
      statement.kind === "Try" ||
      statement.kind === "TryStar" ||
      statement.kind === "FunctionDef" ||
      statement.kind === "AsyncFunctionDef"
    )
      return undefined
    const roots: Node[] =
      statement.kind === "If" || statement.kind === "While"
        ? [statement.test]
        : statement.kind === "Match"
          ? [statement.subject]
          : [statement]
    for (const root of roots)
      for (const node of file.walk(root, { nested: false })) {
        if (node.kind === "Call" && node.func.kind === "Name" && (node.func.id === "locals" || node.func.id === "dir")) return undefined
        if (node.kind === "Name" && node.id === name && !isConditional(file, node, statement)) return node
      }
    if (ends(file, [statement])) return undefined
  }
  return undefined
}

/** On a way that may not be taken: in one arm of `a if b else c`, after `and` or `or`, in an `if` of a comprehension. */
function isConditional(file: PyFile, node: Node, within: Node): boolean {
  let inner = node
  for (const outer of file.around(node)) {
    if (inner === within) return false
    if (outer.kind === "IfExp" && inner !== outer.test) return true
    if (outer.kind === "BoolOp" && inner !== outer.values[0]) return true
    if ((outer.kind === "If" || outer.kind === "While") && inner !== outer.test) return true
    if (outer.kind === "Try" || outer.kind === "TryStar" || outer.kind === "Match") return true
    inner = outer
  }
  return false
}

/** Does nothing after these statements run? Calls that are named as if they never return count. */
function ends(file: PyFile, statements: readonly Stmt[]): boolean {
  const last = statements.at(-1)
  switch (last?.kind) {
    case "Return":
    case "Raise":
    case "Continue":
    case "Break":
      return true
    case "If":
      return last.orelse.length > 0 && ends(file, last.body) && ends(file, last.orelse)
    case "With":
    case "AsyncWith":
      return ends(file, last.body)
    case "Try":
      return ends(file, last.finalbody) || (ends(file, last.body) && last.handlers.every((handler) => ends(file, handler.body)))
    case "Match":
      return last.cases.every((one) => ends(file, one.body))
    case "Expr": {
      const call = last.value.kind === "Await" ? last.value.value : last.value
      return (
        call.kind === "Call" &&
        (neverReturns(file, call.func) ||
          /(^|\.)_?(re?raise|raise_|abort|exit|_exit|fail|output_error|usage_error|throw|die|skip|stop|handle|on_error)\w*$/.test(
            file.source(call.func),
          ))
      )
    }
    default:
      return false
  }
}

/** Does a function of this file end by raising, or say that it never returns? */
function neverReturns(file: PyFile, func: Expr): boolean {
  const name = func.kind === "Name" ? func.id : func.kind === "Attribute" ? func.attr : undefined
  return [...file.all("FunctionDef", "AsyncFunctionDef")].some(
    (fn) =>
      fn.name === name &&
      (fn.body.at(-1)?.kind === "Raise" ||
        (fn.returns !== null && /\b(NoReturn|Never)$/.test(file.source(fn.returns).replaceAll('"', "")))),
  )
}
