import {
  type AsyncFunctionDef,
  type Call,
  type Expr,
  enclosingFunction,
  type FileNotes,
  type Finding,
  type FunctionDef,
  functionAt,
  functionName,
  isTextConstant,
  lastName,
  type Node,
  type PyFile,
  quote,
  rule,
  wordsOf,
} from "#rule"

export default rule({
  summary: "A client's address that the client itself may write decides who gets in",
  why: `
\`X-Forwarded-For\` is a header like any other: whoever sends a request may send it too, and a proxy adds its own entry
behind what was there. Where the first entry is the key of a rate limit, a ban or a list of allowed addresses, everyone
picks the address that passes: a new one for each attempt, or one of the office.
`,
  help: "Let the server do it (`uvicorn --proxy-headers --forwarded-allow-ips`) and read `request.client.host`; or count from the right, past the proxies that are yours",
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/advanced/behind-a-proxy/",
  equivalents: [],
  cwe: ["CWE-345", "CWE-348"],
  exemptions: [
    "functions that look at which proxies are trusted, or that take an entry from the right",
    "addresses that are only logged or stored",
    "functions that read `X-Real-IP` or its like first, which proxies overwrite",
  ],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException, Request

        app = FastAPI()
        banned: set[str] = set()

        def is_banned(address: str) -> bool:
            return address in banned

        @app.get("/report")
        def report(request: Request) -> list[int]:
            address = request.headers.get("X-Forwarded-For", "").split(",")[0] # expect: \`X-Forwarded-For\` is what the client writes, and \`is_banned\` decides by it
            if is_banned(address):
                raise HTTPException(403)
            return []
      `,
      good: `
        from fastapi import FastAPI, HTTPException, Request

        app = FastAPI()
        banned: set[str] = set()

        def is_banned(address: str) -> bool:
            return address in banned

        @app.get("/report")
        def report(request: Request) -> list[int]:
            if request.client and is_banned(request.client.host):
                raise HTTPException(403)
            print(request.headers.get("X-Forwarded-For"))
            return []
      `,
    },
  ],

  notes: (file) => (HEADER.test(file.text) ? readsIn(file) : undefined),

  *project(project, _, notes: FileNotes<Reading[]>[]) {
    for (const { path, notes: own } of notes)
      for (const { start, end, inside, header, decides, isReturned } of own) {
        const fn = functionAt(project, path, inside)
        if (!fn) continue
        const caller = isReturned
          ? project.functions.find(
              (other) =>
                other.role === "app" &&
                (DECIDES.test(wordsOf(other.qualname)) || DECIDES.test(wordsOf(other.path.split("/").at(-1) ?? ""))) &&
                other.events.some((event) => event.is === "call" && event.fn === fn),
            )
          : undefined
        const by = decides ?? (DECIDES.test(wordsOf(fn.qualname)) ? functionName(fn) : caller && functionName(caller))
        if (by !== undefined)
          yield {
            at: { path, start, end },
            message: `${quote(header)} is what the client writes, and ${quote(by)} decides by it`,
            scope: fn.id,
            discriminator: header,
            routes: project.reach.routesTo(fn),
          } satisfies Finding
      }
  },
})

const HEADER = /["'](?:x-forwarded-for|x-real-ip|x-client-ip|true-client-ip)["']/i

/** Names of what lets somebody in or not, by their address. */
const DECIDES =
  /\b(?:rate limit\w*|rate limiter|limiter|throttl\w+|ban|banned|bans|block|blocked|blocklist|allowed|allowlist|allow list|whitelist\w*|blacklist\w*|denylist|lockout|locked|brute force|too many)\b/

interface Reading {
  start: number
  end: number
  /** Where the name of the function around it stands. */
  inside: number
  header: string
  /** What is asked about the address, in the same function. */
  decides?: string
  isReturned: boolean
}

function readsIn(file: PyFile): Reading[] | undefined {
  const found: Reading[] = []
  const seen = new Set<number>()
  for (const node of file.walk()) {
    const header = headerRead(node)
    const fn = header === undefined ? undefined : enclosingFunction(node, file)
    // The first one of a function speaks for all.
    if (header === undefined || !fn || seen.has(fn.start) || knowsItsProxies(file, fn)) continue
    seen.add(fn.start)
    // Proxies overwrite the others, and add to this one.
    if (!/^x-forwarded-for$/i.test(header)) continue
    const names = namesOf(file, node)
    const decides = decisionOn(file, fn, names)
    found.push({
      start: node.start,
      end: node.end,
      inside: fn.name_span.start,
      header,
      ...(decides !== undefined && { decides }),
      isReturned: isReturned(file, fn, node, names),
    })
  }
  return found.length > 0 ? found : undefined
}

/** `request.headers.get("X-Forwarded-For")`, `request.headers["X-Real-IP"]`. */
function headerRead(node: Node): string | undefined {
  const key =
    node.kind === "Call" && node.func.kind === "Attribute" && node.func.attr === "get" && isHeaders(node.func.value)
      ? node.args[0]
      : node.kind === "Subscript" && isHeaders(node.value)
        ? node.slice
        : undefined
  return isTextConstant(key) && HEADER.test(`"${key.value}"`) ? key.value : undefined
}

const isHeaders = (of: Expr): boolean => /^(?:\w+_)?headers$/.test(lastName(of))

/** Is it said whose word counts, or does it count from the right, where one's own proxies write? */
function knowsItsProxies(file: PyFile, fn: FunctionDef | AsyncFunctionDef): boolean {
  for (const node of inside(file, fn)) {
    const name = node.kind === "Name" ? node.id : node.kind === "Attribute" ? node.attr : node.kind === "arg" ? node.arg : undefined
    if (name !== undefined && /trust|prox(?:y|ies)|is_global|is_private|^reversed$/i.test(name)) return true
    if (isTextConstant(node) && /^[\w.-]*(?:trust|prox(?:y|ies))[\w.-]*$/i.test(node.value)) return true
    if (node.kind === "Subscript" && node.slice.kind === "UnaryOp") return true
  }
  return false
}

/** A function without its decorators. */
function* inside(file: PyFile, fn: FunctionDef | AsyncFunctionDef): Generator<Node> {
  for (const node of file.walk(fn)) if (node.start >= fn.start) yield node
}

/** Names that what is read is kept under. */
function namesOf(file: PyFile, node: Node): Set<string> {
  const names = new Set<string>()
  for (const around of file.around(node)) {
    if (around.kind === "Assign") for (const target of around.targets) names.add(lastName(target))
    if (around.kind === "AnnAssign" || around.kind === "NamedExpr") names.add(lastName(around.target))
    if (around.kind === "FunctionDef" || around.kind === "AsyncFunctionDef") break
  }
  for (const again of file.all("Assign"))
    if (mentions(file, again.value, names)) for (const target of again.targets) names.add(lastName(target))
  names.delete("")
  return names
}

function mentions(file: PyFile, value: Node, names: ReadonlySet<string>): boolean {
  for (const node of file.walk(value)) if (node.kind === "Name" && names.has(node.id)) return true
  return false
}

/** What is called about the address, or the list that it is looked up in. */
function decisionOn(file: PyFile, fn: FunctionDef | AsyncFunctionDef, names: ReadonlySet<string>): string | undefined {
  for (const node of inside(file, fn)) {
    if (node.kind === "Call" && isAbout(node, names) && DECIDES.test(wordsOf(lastName(node.func)))) return lastName(node.func)
    if (node.kind === "Compare" && node.left.kind === "Name" && names.has(node.left.id) && /In$/.test(node.ops[0] ?? "")) {
      const of = lastName(node.comparators[0] as Expr)
      if (DECIDES.test(wordsOf(of))) return of
    }
  }
  return undefined
}

const isAbout = ({ args, keywords }: Call, names: ReadonlySet<string>): boolean =>
  [...args, ...keywords.map(({ value }) => value)].some((given) => given.kind === "Name" && names.has(given.id))

function isReturned(file: PyFile, fn: FunctionDef | AsyncFunctionDef, read: Node, names: ReadonlySet<string>): boolean {
  for (const node of inside(file, fn))
    if (node.kind === "Return" && node.value && ((read.start >= node.start && read.end <= node.end) || mentions(file, node.value, names)))
      return true
  return false
}
