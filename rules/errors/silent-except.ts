import {
  blocks,
  type CallEvent,
  catchesAll,
  type ExceptHandler,
  type Expr,
  type Fn,
  type FunctionNode,
  functionAround,
  functionAt,
  type Node,
  type PyFile,
  quote,
  rule,
  type Span,
  type Stmt,
  type Try,
} from "#rule"

export default rule({
  summary: "An unexpected exception that disappears without a trace",
  why: `
\`except Exception: pass\` was written for one failure and hides all of them: the typo, the closed connection, the full disk.
The client is told that all went well, no log knows better, and the data is wrong from then on.
`,
  help: "Catch the exception that is expected, or write it to the log with `logger.exception`",
  concern: "correctness",
  level: "warning",
  docs: "https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html",
  equivalents: ["S110", "S112", "E722", "BLE001", "B110"],
  exemptions: [
    "narrow exceptions, and `contextlib.suppress`, which says what it means",
    "a `try` that only takes texts and values apart: nothing is left undone",
    "clean-up: closing, cancelling and deleting, and what stands in `finally` or in another handler",
    "questions whose answer is no: `is_…`, `has_…`, `verify_…`, health checks; and telemetry",
    "a plain value returned for what was computed or parsed, not read from a database, a file or the network",
    "imports of what may not be installed",
    "one attempt of several: a `try` in a loop that ends with the first that succeeds",
    "a comment in the handler makes it a hint",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        def save(order_id: int): ...

        def notify(order_id: int): ...

        @app.post("/orders/{order_id}/pay")
        def pay(order_id: int):
            try:
                save(order_id)
                notify(order_id)
            except Exception: # expect: Whatever fails in this \`try\` of \`pay\` is passed over in silence
                pass
            return {"paid": order_id}
      `,
      good: `
        import logging
        from fastapi import FastAPI

        app = FastAPI()
        logger = logging.getLogger(__name__)

        def save(order_id: int): ...

        def notify(order_id: int): ...

        @app.post("/orders/{order_id}/pay")
        def pay(order_id: int):
            save(order_id)
            try:
                notify(order_id)
            except Exception:
                logger.exception("Order %s is paid, but nobody was told", order_id)
            return {"paid": order_id}
      `,
    },
  ],

  notes(file) {
    const silent = [...silentHandlers(file)]
    return silent.length > 0 ? silent : undefined
  },

  *project(project, _options, notes: { path: string; notes: Silent[] }[]) {
    for (const { path, notes: all } of notes) {
      for (const { def, what, isExplained, start, end } of all) {
        const fn = functionAt(project, path, def)
        if (!fn || project.reach.running(fn) !== "request") continue
        // Text that cannot be read is nothing, as one may well say; a table or a file that cannot be read is not empty.
        if (what === PLAIN ? !asksOutside(fn, start) : onlyReads(fn, start)) continue
        yield {
          at: { path, start, end },
          message: `Whatever fails in this ${quote("try")} of ${quote(fn.name)} ${what}`,
          level: isExplained ? "info" : "warning",
          routes: project.reach.routesTo(fn),
          scope: fn.id,
          discriminator: what,
        }
      }
    }
  },
})

const PLAIN = "becomes a plain answer in silence"
const PASSED = "is passed over in silence"

/** Does the `try` of the handler that begins here wait for a database, a file or the network? */
const asksOutside = ({ events }: Fn, start: number): boolean =>
  events.some(
    (event) =>
      event.is === "call" &&
      (event.blocks !== undefined || (event.awaited && event.name !== undefined)) &&
      event.within.some((around) => around.is === "try" && around.handlers.some((handler) => handler.at.start === start)),
  )

/** Does the `try` only take texts and values apart, so that nothing is left undone? */
function onlyReads({ events }: Fn, start: number): boolean {
  const calls = events.filter(
    (event): event is CallEvent =>
      event.is === "call" &&
      event.within.some((around) => around.is === "try" && around.handlers.some((handler) => handler.at.start === start)),
  )
  return calls.every(
    ({ fn, awaited, blocks, name }) => !fn && !blocks && name !== undefined && (ANSWER.test(name) || (!awaited && READING.test(name))),
  )
}

/** The body of an answer that has come: `await response.json()`. */
const ANSWER = /(Response\(\)|\.(get|post|put|patch|delete|request)\(\)(\.__aenter__\(\))?)\.(json|text)(\(\)\.get)?$/

const READING =
  /(^|\.)(getattr|hasattr|isinstance|int|float|str|len|bool|split|rsplit|partition|strip|lstrip|rstrip|startswith|endswith|lower|upper|decode|encode|loads|fromisoformat|strptime|isdigit|b64decode|urlparse|UUID|get_running_loop|get_event_loop|set_attribute|set_status|add_event|get_current_span|record_exception)$/

/** A handler that says nothing, at its `except` line. */
interface Silent extends Span {
  /** Where the name of its function begins. */
  def: number
  what: string
  isExplained: boolean
}

const QUESTION =
  /^_*(is|has|can|should|verify|validate|check|supports|exists|ping|try|maybe|health\w*|ready\w*|live\w*)(_|$)|(_or_none|_if_any|_safe(ly)?|exists|health|available)$|telemetry|notice|metric|analytic|track/i

/** Asked for a yes or no, or for nothing that anyone waits for. */
function isQuestion(def: FunctionNode, file: PyFile): boolean {
  if (!QUESTION.test(def.name)) return false
  for (const node of file.walk(def, { nested: false })) {
    const value = node.kind === "Return" ? node.value : undefined
    if (value?.kind === "Constant" && value.type === "str") return false
    if (value?.kind === "Call" && value.func.kind === "Name" && /^[A-Z]/.test(value.func.id)) return false
  }
  return true
}

function* silentHandlers(file: PyFile): Generator<Silent> {
  for (const node of file.all("Try")) {
    const def = functionAround(node, file)
    if (!def || isQuestion(def, file) || FAREWELL.test(def.name) || isCleanup(node, file) || isAside(node, file) || isAttempt(node, file))
      continue
    for (const handler of node.handlers) {
      const silence = catchesAll(handler, file) ? silenceOf(handler) : undefined
      if (silence === PASSED && isAskedAfter(node, file)) continue
      // `pass`, and then `return None`: an answer as well.
      const what = silence === PASSED && isAnsweredAfter(node, file) ? PLAIN : silence
      if (what === undefined) continue
      const first = handler.body[0]?.start ?? handler.end
      const last = handler.body.at(-1)?.end ?? handler.end
      const lineEnd = file.text.indexOf("\n", last)
      const lines: Span = { start: handler.start, end: lineEnd < 0 ? file.text.length : lineEnd }
      const isExplained = file.comments.some(
        (comment) =>
          comment.start >= lines.start &&
          comment.end <= lines.end &&
          /#\s*(?:(?:noqa|nosec)\b[\w:, ]*?(?:\s[-–—]+\s|#\s*))?(?!noqa|type:|pylint|pragma|nosec|expect)(?:\S+\s+\S|[^\x00-\x7f]{4})/u.test(
            file.source(comment),
          ),
      )
      yield { def: def.name_span.start, what, isExplained, start: handler.start, end: headEnd(handler, first, file) }
    }
  }
}

/** Up to the colon of `except Exception as error:`. */
const headEnd = ({ start, type }: ExceptHandler, first: number, file: PyFile): number => {
  const colon = file.text.indexOf(":", type?.end ?? start)
  return colon < 0 || colon > first ? first : colon
}

/** `pass`, `continue`, or a plain value in place of an answer. */
function silenceOf({ body }: ExceptHandler): string | undefined {
  const [only, ...more] = body.filter((one) => !(one.kind === "Expr" && one.value.kind === "Constant"))
  if (more.length > 0) return undefined
  if (!only || only.kind === "Pass") return PASSED
  if (only.kind === "Continue") return "is skipped in silence"
  if (only.kind === "Return" && (!only.value || isBare(only.value))) return PLAIN
  return undefined
}

function isBare(value: Expr): boolean {
  switch (value.kind) {
    case "Constant":
      return value.type !== "str" || value.value === ""
    case "List":
    case "Tuple":
      return value.elts.every(isBare)
    case "Dict":
      return value.values.length === 0
    case "Call":
      return value.func.kind === "Name" && /^(list|dict|set|tuple)$/.test(value.func.id) && value.args.length === 0
    default:
      return false
  }
}

const CLEANING =
  /(close|cancel|shutdown|disconnect|unlink|remove|rmtree|cleanup|clean_up|rollback|terminate|kill|stop|delete|release|unsubscribe|wait|quit|reset|dispose|discard)\w*$/i

/** Whoever is sent away may be gone already, and what writes a log has nowhere to say that it cannot. */
const FAREWELL = /^_*(log|refuse|reject|shed|abort|say_goodbye|close|shutdown|shut_down|tear_?down|clean_?up)(_|$)/i

/** Nothing but closing and deleting, or an import. */
const isCleanup = ({ body }: Try, file: PyFile): boolean => body.every((one) => isCleaning(one, file))

function isCleaning(statement: Stmt, file: PyFile): boolean {
  if (statement.kind === "Import" || statement.kind === "ImportFrom" || statement.kind === "Pass" || statement.kind === "Delete")
    return true
  if (statement.kind === "If") return [...statement.body, ...statement.orelse].every((one) => isCleaning(one, file))
  if (statement.kind !== "Expr") return false
  const value = statement.value.kind === "Await" ? statement.value.value : statement.value
  return value.kind === "Call" ? CLEANING.test(file.source(value.func)) : value.kind === "Name"
}

/** `ok = True` at the end of the `try`, and `if not ok:` after it: that it failed is known and answered. */
function isAskedAfter(node: Try, file: PyFile): boolean {
  const last = node.body.at(-1)
  const name =
    last?.kind === "Assign" && last.value.kind === "Constant" && last.targets[0]?.kind === "Name" ? last.targets[0].id : undefined
  if (name === undefined) return false
  for (let inner: Node = node, outer = file.parentOf(node); outer; inner = outer, outer = file.parentOf(outer)) {
    for (const block of blocks(outer as Stmt)) {
      const at = block.indexOf(inner as Stmt)
      const next = at < 0 ? undefined : block[at + 1]
      if (next?.kind === "If" && next.test.kind === "UnaryOp" && next.test.operand.kind === "Name" && next.test.operand.id === name)
        return true
    }
    if (outer.kind === "FunctionDef" || outer.kind === "AsyncFunctionDef") return false
  }
  return false
}

/** Does the function return right after the `try`, with the fallback that the handler left standing? */
function isAnsweredAfter(node: Try, file: PyFile): boolean {
  const parent = file.parentOf(node)
  const next = parent && blocks(parent as Stmt).flatMap((block) => block[block.indexOf(node) + 1] ?? [])[0]
  if (next?.kind !== "Return") return false
  const { value } = next
  if (value?.kind !== "Name") return !value || isBare(value)
  return node.body.some((one) => one.kind === "Assign" && one.targets.some((target) => target.kind === "Name" && target.id === value.id))
}

/** In a `finally`, or in the handler of another exception: what counts has been said already. */
function isAside(node: Try, file: PyFile): boolean {
  let inner: Node = node
  for (const outer of file.around(node)) {
    if (outer.kind === "ExceptHandler") return true
    if (outer.kind === "Try" && outer.finalbody.some((one) => one === inner)) return true
    if (outer.kind === "FunctionDef" || outer.kind === "AsyncFunctionDef") return false
    inner = outer
  }
  return false
}

/** `for password in passwords: try: ...; break; except Exception: pass`: who fails is followed by the next. */
function isAttempt(node: Try, file: PyFile): boolean {
  const loop = loopAround(node, file)
  if (!loop) return false
  for (const statement of [...node.body, ...node.orelse])
    for (const one of file.walk(statement, { nested: false }))
      if (one.kind === "Return" || (one.kind === "Break" && loopAround(one, file) === loop)) return true
  return false
}

/** The innermost loop within the function. */
function loopAround(node: Node, file: PyFile): Node | undefined {
  for (const outer of file.around(node)) {
    if (outer.kind === "For" || outer.kind === "AsyncFor" || outer.kind === "While") return outer
    if (outer.kind === "FunctionDef" || outer.kind === "AsyncFunctionDef") return undefined
  }
  return undefined
}
