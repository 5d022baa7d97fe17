import {
  type App,
  type Expr,
  type FileNotes,
  type Finding,
  isTextConstant,
  knownText,
  lastName,
  type Middleware,
  options,
  type PyFile,
  quote,
  rule,
} from "#rule"

export default rule({
  summary: "CORS that admits more origins than it seems to",
  why: `
CORS decides which sites may read answers in a visitor's browser, and its mistakes are silent: \`null\` is the origin of
every sandboxed frame and local file, a dot in a pattern is any character (\`https://.*.shop.example\` admits
\`https://notshop.example\`), and a Socket.IO server has an answer of its own beside that of the app.
`,
  help: "List the origins in full, and escape dots in patterns",
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/cors/",
  equivalents: [],
  cwe: ["CWE-942"],
  exemptions: ["origins that configuration gives", "`*` without credentials, which browsers treat as a public API"],
  files: { roles: ["app"] },
  examples: [
    {
      bad: `
        import socketio
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware

        app = FastAPI()
        app.add_middleware( # expect: \`null\` is the origin of every sandboxed frame and local file
            CORSMiddleware, allow_origins=["https://shop.example", "null"], allow_credentials=True
        )
        app.add_middleware( # expect: The dot before \`shop\` in \`allow_origin_regex\` is any character
            CORSMiddleware, allow_origin_regex="https://.*.shop.example", allow_credentials=True
        )
        sockets = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*") # expect: \`cors_allowed_origins="*"\`
      `,
      good: `
        import socketio
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware

        app = FastAPI()
        app.add_middleware(
            CORSMiddleware,
            allow_origins=["https://shop.example"],
            allow_origin_regex=r"https://[a-z]+\\\\.shop\\\\.example",
            allow_credentials=True,
        )
        sockets = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins=["https://shop.example"])
      `,
    },
  ],

  notes: openIn,

  *project(project, _, notes: FileNotes<Open[]>[]) {
    for (const app of project.apps) for (const middleware of app.middleware) if (isCors(middleware)) yield* flawsOf(app, middleware)
    for (const { path, notes: own } of notes)
      for (const { start, end, said } of own)
        yield { at: { path, start, end }, message: said, scope: path, discriminator: said } satisfies Finding
  },
})

const isCors = ({ name }: Middleware): boolean => name === "starlette.middleware.cors.CORSMiddleware"

function* flawsOf(app: App, { built, at }: Middleware): Generator<Finding> {
  const origins = built.keywords.get("allow_origins")
  const listed = origins ? options(origins).flatMap((one) => (one.is === "sequence" ? one.items : [])) : []
  if (listed.some((item) => knownText(item) === "null"))
    yield {
      at,
      message: `${quote("null")} is the origin of every sandboxed frame and local file, so any site can have it`,
      scope: app.name ?? "app",
      discriminator: "null",
    }
  const pattern = knownText(built.keywords.get("allow_origin_regex"))
  const loose = pattern === undefined ? undefined : looseDot(pattern)
  if (loose !== undefined)
    yield {
      at,
      message: `The dot before ${quote(loose)} in ${quote("allow_origin_regex")} is any character: other people's domains fit too`,
      scope: app.name ?? "app",
      discriminator: "dot",
    }
}

/** The word of a host name whose leading dot is not escaped, after something that may be anything. */
const looseDot = (pattern: string): string | undefined => /(?:[*+?)\]])\.([a-z][\w-]*)/i.exec(pattern)?.[1]

interface Open {
  start: number
  end: number
  said: string
}

/** Servers of sockets with an answer of their own, and own lists of trusted origins. */
function openIn(file: PyFile): Open[] | undefined {
  if (!/cors_allowed_origins|["']null["']/.test(file.text)) return undefined
  const found: Open[] = []
  for (const node of file.walk()) {
    if (node.kind === "Call") {
      const given = node.keywords.find(({ arg }) => arg === "cors_allowed_origins")
      if (given && isStar(given.value) && /^(?:socketio\.)?(?:AsyncServer|Server)$/.test(file.qualified(node.func) ?? lastName(node.func)))
        found.push({
          start: given.start,
          end: given.end,
          said: `${quote('cors_allowed_origins="*"')} lets every site open a socket, with the visitor's cookies`,
        })
    } else if (node.kind === "List" || node.kind === "Set" || node.kind === "Tuple") {
      const texts = node.elts.flatMap((item) => (isTextConstant(item) ? [item] : []))
      const nothing = texts.find(({ value }) => value === "null")
      if (nothing && texts.some(({ value }) => /^localhost$|^127\.0\.0\.1$/.test(value)))
        found.push({
          start: nothing.start,
          end: nothing.end,
          said: `${quote("null")} among trusted hosts is the origin of every sandboxed frame, so any site can have it`,
        })
    }
  }
  return found.length > 0 ? found : undefined
}

const isStar = (value: Expr): boolean =>
  (isTextConstant(value) && value.value === "*") ||
  ((value.kind === "List" || value.kind === "Tuple") && value.elts.some((item) => isTextConstant(item) && item.value === "*"))
