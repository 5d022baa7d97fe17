import {
  type CallEvent,
  type Expr,
  enclosingFunction,
  type FileNotes,
  type Fn,
  type FunctionNode,
  isFunctionNode,
  type Project,
  type PyFile,
  quote,
  type Route,
  routeName,
  routeNames,
  rule,
  type Step,
  shortName,
} from "#rule"

export default rule({
  summary: "A GET that changes data",
  why: `
GET promises to change nothing. Everything between client and server believes it: browsers prefetch links, chat programs and
mail scanners open them for a preview, proxies cache the answer, clients retry, crawlers follow. Each of them then changes
the data. And a page of another site can make a signed-in browser send a GET with a plain link or image.
`,
  help: "Serve it by `POST`, `PUT`, `PATCH` or `DELETE`",
  concern: "correctness",
  level: "warning",
  docs: "https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1",
  equivalents: [],
  cwe: ["CWE-650"],
  exemptions: [
    "log-in, OAuth callbacks, and links that are opened from an e-mail to confirm something",
    "bookkeeping on the way: caches, counters, audit logs, what was last seen, rows that are made on first use",
    "a commit without a change in sight, which only ends the transaction",
    "what a dependency does, and what is left to a background task",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import Session

        app = FastAPI()

        def get_db() -> Session: ...

        def archive(db: Session, item_id: int):
            item = db.get("Item", item_id)
            item.archived = True
            db.commit()

        @app.get("/items/{item_id}/archive") # expect: \`GET /items/{item_id}/archive\` changes data: \`Session.commit\`, through \`archive\`
        def archive_item(item_id: int, db: Session = Depends(get_db)):
            archive(db, item_id)
      `,
      good: `
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import Session

        app = FastAPI()

        def get_db() -> Session: ...

        def archive(db: Session, item_id: int):
            item = db.get("Item", item_id)
            item.archived = True
            db.commit()

        @app.post("/items/{item_id}/archive")
        def archive_item(item_id: int, db: Session = Depends(get_db)):
            archive(db, item_id)

        @app.get("/auth/callback")
        def finish_login(db: Session = Depends(get_db)):
            db.add("token")
            db.commit()
      `,
    },
  ],

  notes: (file) => {
    const changes = changesIn(file)
    const ends = [...endsIn(file)]
    return changes.length + ends.length > 0 ? { changes, ends } : undefined
  },

  *project(project, _, notes: FileNotes<{ changes: Change[]; ends: number[] }>[]) {
    const changes = new Map(notes.map(({ path, notes: own }) => [path, own.changes]))
    const ends = new Set(notes.flatMap(({ path, notes: own }) => own.ends.map((start) => `${path}:${start}`)))
    const told = new Set<Fn>()
    for (const route of project.routes) {
      const { endpoint } = route
      if (endpoint?.role !== "app" || told.has(endpoint) || !isSafe(route) || isMeant(route)) continue
      const write = writeIn(project, endpoint, changes, ends)
      if (!write) continue
      told.add(endpoint)
      const routes = project.routes.filter((other) => other.endpoint === endpoint)
      const through = write.steps.slice(0, -1).map(({ callee }) => quote(callee))
      yield {
        at: route.at,
        message: `${routeNames(routes) ?? routeName(route)} ${routes.length > 1 ? "change" : "changes"} data: ${quote(write.name)}${
          through.length > 0 ? `, through ${through.join(", ")}` : ""
        }`,
        trace: write.steps.map(({ at, message, symbol }) => ({ at, message, symbol })),
        routes,
        scope: endpoint.id,
      }
    }
  },
})

const isSafe = ({ kind, methods }: Route): boolean =>
  kind === "api" && methods.known && methods.value.length > 0 && methods.value.every((method) => method === "GET" || method === "HEAD")

/** What has to be a GET, because a browser comes by a link or a redirect. */
const LINKS =
  /log_?-?(in|out)\b|log_?-?(in|out)[_/-]|sign_?-?(in|up|out)|(^|[/_-])(o?auth2?|oidc|saml|sso)([/_ -]|$)|callback|authori[sz]e|\/verify|verify_?-?(e-?mail|account|user|phone|token|code|otp)|confirm|unsubscribe|magic|redirect|track|click|pixel|invit|health|ready|cron|validate/i

const isMeant = ({ path, endpoint }: Route): boolean => LINKS.test(`${path.known ? path.value : ""} ${endpoint?.name ?? ""}`)

/** Functions whose writing is bookkeeping. */
const BOOKKEEPING =
  /get_or|or_create|find_or|ensure|seen|visit|view(s|ed|_count)|track|sync_|log|audit|record|history|refresh|cache|increment|touch|bump|usage|heartbeat|stat(s|istics)?(_|$)|metric|expire|cleanup|clean_up|purge|init|default|lazy|migrate|lock|session|counter|access(ed)?_at|last_|notify|token|key|otp|captcha|^store$/i

/** What is left to commit by these alone: when something was last used, and how often. */
const BOOKED = /last_|seen|touch|increment|heartbeat|usage|count(er)?$|track|accessed/i

const COMMITS =
  /^(sqlalchemy\.orm\.Session|sqlmodel\.Session|sqlalchemy\.ext\.asyncio\.AsyncSession|sqlmodel\.ext\.asyncio\.session\.AsyncSession)\(\)\.commit$/
const WRITES =
  /^(pymongo\.collection\.Collection|pymongo\.asynchronous\.collection\.AsyncCollection|motor\.motor_asyncio\.AsyncIOMotorCollection)\(\)\.(insert_one|insert_many|update_one|update_many|replace_one|delete_one|delete_many|find_one_and_update|find_one_and_replace|find_one_and_delete|bulk_write)$/

interface Write {
  name: string
  steps: (Step & { callee: string; symbol: string })[]
}

/** A function that changes an attribute of something, `user.is_active = True`: where its name starts, and the first such change. */
type Change = readonly [name: number, change: number]

/** By path. */
type Changes = ReadonlyMap<string, readonly Change[]>

/** The first statement of each function that gives a row another value; those of a function right in its body are its own. */
function changesIn(file: PyFile): Change[] {
  const first = new Map<FunctionNode, number>()
  for (const node of file.all("Assign", "AugAssign")) {
    if (!(node.kind === "Assign" ? node.targets.some(isRowField) : isRowField(node.target))) continue
    const fn = enclosingFunction(node, file)
    if (!fn) continue
    const outer = file.parentOf(fn)
    for (const one of outer && isFunctionNode(outer) ? [fn, outer] : [fn]) if (!first.has(one)) first.set(one, node.start)
  }
  if (first.size === 0 || !/\bcommit\b|\.\w+ = /.test(file.text)) return []
  return file.all("FunctionDef", "AsyncFunctionDef").flatMap((fn) => {
    const change = first.get(fn)
    return change === undefined ? [] : [[fn.name_span.start, change] as const]
  })
}

/** `# Release the transaction before ...` over `db.commit()`: what it is for. */
function* endsIn(file: PyFile): Generator<number> {
  for (const comment of file.comments) {
    if (!/\b(end|release|close)s? (the )?(read[- ]?only |db |database )?transaction/i.test(file.source(comment))) continue
    const line = file.text.lastIndexOf("\n", comment.start) + 1
    const call = /\b[\w.]+\.commit\(\)/.exec(file.text.slice(line, comment.end + 200))
    if (
      call &&
      !file.text
        .slice(comment.end, line + call.index)
        .trim()
        .replace(/^#.*$/gm, "")
        .trim()
    )
      yield line + call.index
  }
}

const isRowField = (target: Expr): boolean =>
  target.kind === "Attribute" &&
  target.value.kind === "Name" &&
  !/^(self|cls|request|response|app|settings|config|logger|ctx|context|pagination|page|meta|query)$/.test(target.value.id)

interface Call {
  event: CallEvent
  changes: boolean
  /** What is called, where it writes what was changed. */
  written: string | undefined
}

const known = new WeakMap<Fn, Call[]>()

/** The calls that a body makes where it stands. Many routes come through the same functions: each is read once. */
function stepsIn(fn: Fn): readonly Call[] {
  let calls = known.get(fn)
  if (!calls) {
    calls = fn.events
      .filter((event) => event.is === "call")
      .filter(({ within }) => !within.some(({ is }) => is === "nested" || is === "handler"))
      .map((event) => ({ event, changes: CHANGES.test(event.blocks?.name ?? event.name ?? ""), written: writes(event) }))
    known.set(fn, calls)
  }
  return calls
}

/** The nearest commit that an endpoint comes to by calls that it waits for, where anything on the way changes rows. */
function writeIn(project: Project, endpoint: Fn, changes: Changes, ends: ReadonlySet<string>): Write | undefined {
  const ways = new Map<Fn, Write["steps"]>([[endpoint, []]])
  let commit: Write | undefined
  let isChanged = false
  for (const [fn, steps] of ways) {
    const changed = changes.get(fn.at.path)?.find(([name]) => name === fn.at.start)?.[1]
    isChanged ||= changed !== undefined && (isKept(fn, changed) || (fn !== endpoint && !READS.test(fn.name)))
    let before: Fn | undefined
    for (const { event, changes: isChange, written: writing } of stepsIn(fn)) {
      isChanged ||= isChange
      // `key.touch_last_used(); db.commit()`: what is committed here is bookkeeping.
      const isBooked = before !== undefined && BOOKED.test(before.name)
      before = event.fn
      if (isBooked && (writing || event.fn?.name === "commit")) continue
      const written = writing && ends.has(`${event.at.path}:${event.at.start}`) ? undefined : writing
      if (written)
        commit ??= {
          name: written,
          steps: [...steps, { at: event.at, message: `calls ${quote(written)}`, symbol: fn.name, callee: written }],
        }
      const { fn: callee } = event
      if (!callee || ways.has(callee) || steps.length >= 3 || !entered(event, callee) || project.role(callee.path) !== "app") continue
      if (isFirstUse(event, callee) || BOOKKEEPING.test(callee.name) || BOOKKEEPING.test(callee.owner?.def.name ?? "")) continue
      ways.set(callee, [...steps, { at: event.at, message: `calls ${quote(callee.name)}`, symbol: fn.name, callee: callee.name }])
    }
    if (commit && isChanged) return commit
  }
  return undefined
}

/** What is set on rows by a function that reads, or after the commit, is for whoever gets the answer. */
const READS =
  /^_*a?(get|list|read|fetch|find|load|search|query|select|convert|to|format|build|serialize|enrich|attach|annotate|paginate|adjust|count|resolve|compute)(_|$)/i

const isKept = ({ events }: Fn, change: number): boolean =>
  events.some((event) => event.is === "call" && event.at.start > change && writes(event) !== undefined)

/** Alone, a commit only ends the transaction. */
const CHANGES =
  /Session\(\)\.(add|add_all|delete|merge|bulk_\w+)$|Query\(\)\.(update|delete)$|^sqlalchemy\.(insert|update|delete)$|^sqlmodel\.(insert|update|delete)$|\.collection\.|Collection\(\)\./

const writes = (event: CallEvent): string | undefined => {
  const name = event.blocks?.name ?? event.name ?? ""
  return COMMITS.test(name) || WRITES.test(name) ? shortName(name) : undefined
}

/**
 * Does the body run here, and on purpose? A coroutine's when it is awaited. What wraps any function, and what is entered by
 * `with`, commits at the end whatever was done.
 */
const entered = (event: CallEvent, fn: Fn): boolean => (!fn.async || event.awaited) && !fn.generator && !isWrapper(fn)

const isWrapper = ({ parameters }: Fn): boolean =>
  parameters.some(({ kind }) => kind === "*args") && parameters.some(({ kind }) => kind === "**kwargs")

/** `if settings is None: settings = create(...)`: a row that is made on first use. */
const isFirstUse = (event: CallEvent, callee: Fn): boolean =>
  event.within.some(({ is }) => is === "branch") && /^_?(create|add|insert|new|make|build|seed|register|generate)/i.test(callee.name)
