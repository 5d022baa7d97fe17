import {
  type Expr,
  type FunctionNode,
  functionAround,
  functionAt,
  type Node,
  type PyFile,
  quote,
  routeNames,
  rule,
  type Span,
  type Stmt,
} from "#rule"

export default rule({
  summary: "A request that changes what all requests share",
  why: `
A module-level list or dictionary lives as long as the process and is shared by all its requests, and by none of the other
processes: users see each other's data, workers disagree, a restart forgets everything, and threads of \`def\` routes write
at the same time.
`,
  help: "Keep it in the database or a cache, or pass it along as a value of the request",
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/deployment/concepts/#memory-per-process",
  equivalents: ["FASTT021", "PLW0603"],
  exemptions: [
    "caches, pools, registries, locks, counters and metrics, by their name; and values that are made on first use",
    "changes under a lock, and sets that hold tasks until they are done",
    "connection managers of WebSockets, and examples whose whole store is such a list",
    "what runs at import, at start-up, in scripts and tests",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()
        totals = {"Jan": 0.0, "Feb": 0.0}
        current_user = None

        @app.get("/report/{user}")
        def report(user: str):
            global current_user
            current_user = user # expect: \`current_user\` is shared by all requests, and \`GET /report/{user}\` sets it
            totals["Jan"] = 1.5 # expect: \`totals\` is shared by all requests, and \`GET /report/{user}\` changes it
            return totals
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()
        MONTHS = ("Jan", "Feb")

        @app.get("/report/{user}")
        def report(user: str):
            totals = dict.fromkeys(MONTHS, 0.0)
            totals["Jan"] = 1.5
            return {"user": user, "totals": totals}
      `,
    },
  ],

  notes(file) {
    const changes = [...changesIn(file)]
    return changes.length > 0 ? changes : undefined
  },

  *project(project, _options, notes: { path: string; notes: Change[] }[]) {
    for (const { path, notes: all } of notes) {
      const seen = new Set<string>()
      for (const { def, name, how, start, end } of all) {
        const fn = functionAt(project, path, def)
        if (!fn || seen.has(`${def}:${name}`) || project.reach.running(fn) !== "request") continue
        seen.add(`${def}:${name}`)
        const routes = project.reach.routesTo(fn)
        // What most requests pass through is part of the house, and no matter of one of them.
        if (LOADS.test(fn.name) || (routes.length > MOST && routes.length * 2 > project.routes.length)) continue
        yield {
          at: { path, start, end },
          message: `${quote(name)} is shared by all requests, and ${routeNames(routes) ?? quote(fn.name)} ${how} it`,
          routes,
          scope: fn.id,
          discriminator: name,
        }
      }
    }
  },
})

/** Reading settings once more. */
const LOADS = /^_*(re)?(load|init|configure|setup|set_up|refresh|prune|ensure)(_|$)/i

const MOST = 20

/** A statement of a function that changes a name of its module. */
interface Change extends Span {
  /** Where the name of its function begins. */
  def: number
  name: string
  how: "sets" | "changes"
}

const ALLOWED =
  /cache|memo|pool|registry|regist|lock|singleton|_instance|client|engine|connection|manager|session|metric|counter|stats|semaphore|queue|limit|task|thread|process|loaded|initiali[sz]ed|ready|started|loop|logger|executor|model|pipeline|seen|warned|config|setting|active_|websocket|subscri|listener|handler|conf$|level|log(s|ger)?$|since|applied|capped|_by_id$|override|probe|pending|inflight|last_|_at$|_time$|expir|state|ref_?counts?|failures?$|backoff|cooldown|throttl|channel|stream|sequence|hits$|misses$/i

const CHANGING = /^(append|extend|insert|add|update|pop|popitem|remove|clear|discard|setdefault|sort|reverse|appendleft)$/

/** Who listens, and to what: as long as a socket is open, that is state of the process. */
const REGISTRIES = /(^|\/)(\w+_)?(streams?|streaming|registr(y|ies)|subscri\w+|channels?|websockets?|pubsub|broadcast\w*)(\/|\.py$)/

function* changesIn(file: PyFile): Generator<Change> {
  if (REGISTRIES.test(file.path)) return
  const containers = new Map<string, "container" | "value">()
  for (const statement of file.module.body) {
    const [target, value] =
      statement.kind === "Assign" && statement.targets.length === 1
        ? [statement.targets[0], statement.value]
        : statement.kind === "AnnAssign" && statement.value
          ? [statement.target, statement.value]
          : []
    if (target?.kind === "Name" && value) containers.set(target.id, isContainer(value) ? "container" : "value")
  }
  if (containers.size === 0) return
  for (const node of file.all("Assign", "AugAssign", "Delete", "Expr")) {
    const change = changeOf(node)
    const kind = change && containers.get(change.name)
    if (!change || !kind || (kind === "value" && change.how === "changes") || ALLOWED.test(change.name)) continue
    const def = functionAround(node, file)
    if (!def || !isOfModule(isLocal(change.name, def, file), change.how) || isGuarded(node, change.name, def, file)) continue
    yield { ...change, def: def.name_span.start, start: node.start, end: node.end }
  }
}

function changeOf(node: Node): Pick<Change, "name" | "how"> | undefined {
  const targets =
    node.kind === "Assign" ? node.targets : node.kind === "AugAssign" ? [node.target] : node.kind === "Delete" ? node.targets : []
  for (const target of targets) {
    if (target.kind === "Name" && node.kind !== "Delete") return { name: target.id, how: "sets" }
    if (target.kind === "Subscript" && target.value.kind === "Name") return { name: target.value.id, how: "changes" }
  }
  if (node.kind !== "Expr" || node.value.kind !== "Call" || node.value.func.kind !== "Attribute") return undefined
  const { value, attr } = node.value.func
  return value.kind === "Name" && CHANGING.test(attr) ? { name: value.id, how: "changes" } : undefined
}

const isContainer = (value: Expr): boolean =>
  value.kind === "List" ||
  value.kind === "Dict" ||
  value.kind === "Set" ||
  value.kind === "ListComp" ||
  value.kind === "DictComp" ||
  value.kind === "SetComp" ||
  (value.kind === "Call" && value.func.kind === "Name" && /^(list|dict|set|defaultdict|OrderedDict|deque)$/.test(value.func.id))

/** What a name of this function means: declared `global`, `free` (the module's), or a name of its own. */
function isLocal(name: string, def: FunctionNode, file: PyFile): "global" | "free" | "own" {
  let isOwn = [...def.args.args, ...def.args.kwonlyargs, ...def.args.posonlyargs].some(({ arg }) => arg === name)
  for (const node of file.walk(def)) {
    if (node.kind === "Global" && node.names.includes(name)) return isOwn ? "own" : "global"
    const targets = node.kind === "Assign" ? node.targets : node.kind === "AnnAssign" || node.kind === "For" ? [node.target] : []
    if (targets.some((target) => target.kind === "Name" && target.id === name)) isOwn = true
  }
  return isOwn ? "own" : "free"
}

const isOfModule = (meaning: ReturnType<typeof isLocal>, how: Change["how"]): boolean =>
  meaning === "global" || (meaning === "free" && how === "changes")

const ends = (body: readonly Stmt[]): boolean => body.at(-1)?.kind === "Return"

/** Under a lock, or made on first use. */
function isGuarded(node: Node, name: string, def: FunctionNode, file: PyFile): boolean {
  for (const outer of file.around(node)) {
    if (outer === def) break
    if (
      (outer.kind === "With" || outer.kind === "AsyncWith") &&
      /lock|mutex|semaphore/i.test(outer.items.map((item) => file.source(item)).join())
    )
      return true
    if (outer.kind === "If" && [...file.walk(outer.test)].some((one) => one.kind === "Name" && one.id === name)) return true
  }
  // A set that holds tasks until they are done.
  if (file.text.includes(`add_done_callback(${name}.`)) return true
  // `if x is not None: return x` before it.
  return [...file.walk(def)].some(
    (one) =>
      one.kind === "If" &&
      one.start < node.start &&
      (def.body.includes(one) || ends(one.body)) &&
      [...file.walk(one.test)].some((inner) => inner.kind === "Name" && inner.id === name),
  )
}
