import {
  type App,
  type FileNotes,
  type Finding,
  type Fix,
  gathered,
  type Project,
  type PyFile,
  quote,
  rule,
  type Span,
  type Versions,
} from "#rule"

export default rule({
  summary: "A part of FastAPI or Starlette that is on its way out",
  why: `
It works with the version that is installed, and warns, where anybody listens. The release that removes it turns a warning
into an app that does not start. Today it is a change of a line.
`,
  help: "Write what has taken its place",
  concern: "maintainability",
  level: "info",
  docs: "https://fastapi.tiangolo.com/release-notes/",
  equivalents: ["FASTT025"],
  exemptions: [
    "a version that does not have the replacement yet, or is not known",
    "handlers on an app with a lifespan, which another rule tells of",
  ],
  files: { words: ["fastapi", "starlette"] },
  examples: [
    {
      bad: `
        # with: fastapi==0.120.0
        from fastapi import FastAPI, Query

        app = FastAPI()

        @app.on_event("startup") # expect: \`startup\` handlers are deprecated since FastAPI 0.93, in favour of \`lifespan=\`
        def open_pool():
            app.state.pool = object()

        @app.get("/items")
        def read_items(code: str = Query(regex="^[a-z]+$")): # expect: \`Query(regex=)\` is deprecated since FastAPI 0.100, in favour of \`pattern=\`
            return code
      `,
      good: `
        # with: fastapi==0.120.0
        from contextlib import asynccontextmanager
        from fastapi import FastAPI, Query

        @asynccontextmanager
        async def lifespan(app: FastAPI):
            app.state.pool = object()
            yield

        app = FastAPI(lifespan=lifespan)

        @app.get("/items")
        def read_items(code: str = Query(pattern="^[a-z]+$")):
            return code
      `,
    },
    {
      bad: `
        # with: fastapi==0.135.0
        from fastapi import FastAPI
        from fastapi.responses import ORJSONResponse

        app = FastAPI(default_response_class=ORJSONResponse) # expect: \`ORJSONResponse\` is deprecated since FastAPI 0.131
      `,
      good: `
        # with: fastapi==0.120.0
        from fastapi import FastAPI
        from fastapi.responses import ORJSONResponse

        app = FastAPI(default_response_class=ORJSONResponse)
      `,
    },
  ],

  notes: (file) => {
    const found = [...oldIn(file)]
    return found.length > 0 ? found : undefined
  },

  *project(project, _, notes: FileNotes<Old[]>[]) {
    yield* gathered(findingsIn(project, notes), (count, { message }) => `${message}; ${count} such places in this file`)
  },
})

function* findingsIn(project: Project, notes: FileNotes<Old[]>[]): Generator<Finding> {
  for (const app of project.apps) yield* handlersOf(app, project)
  for (const { path, notes: found } of notes)
    for (const { what, start, end, name } of found) {
      const { since, said, now } = OLD[what]
      if (!isAtLeast(project.versions, since)) continue
      const at = { path, start, end }
      yield {
        at,
        message: `${quote(said(name))} is deprecated since FastAPI ${since}${now ? `, in favour of ${quote(now)}` : ""}`,
        discriminator: said(name),
        ...(what === "regex" && { fix: renamed(at) }),
      }
    }
}

/** What is not known is not told to be old. */
const isAtLeast = (versions: Versions, since: string): boolean => versions.fastapi !== undefined && versions.atLeast("fastapi", since)

function* handlersOf({ events, lifespan }: App, { versions, role }: Project): Generator<Finding> {
  if (lifespan || !isAtLeast(versions, "0.93")) return
  for (const { event, at } of events) {
    if (role(at.path) !== "app") continue
    const when = event.known ? event.value : "event"
    yield {
      at,
      message: `${quote(when)} handlers are deprecated since FastAPI 0.93, in favour of ${quote("lifespan=")}`,
      discriminator: when,
    }
  }
}

// ---------------------------------------------------------------------------- what only the syntax says

interface Old extends Span {
  what: keyof typeof OLD
  name: string
}

const OLD = {
  regex: { since: "0.100", said: (name: string) => `${name}(regex=)`, now: "pattern=" },
  example: { since: "0.103", said: (name: string) => `${name}(example=)`, now: "examples=[...]" },
  response: { since: "0.131", said: (name: string) => name, now: undefined },
} as const

const MARKER = /^fastapi\.(?:params\.|param_functions\.)?(Query|Path|Header|Cookie|Body|Form|File)$/
const RESPONSE = /^fastapi\.responses\.(ORJSONResponse|UJSONResponse)$/

function* oldIn(file: PyFile): Generator<Old> {
  const saysResponse = file.names.has("ORJSONResponse") || file.names.has("UJSONResponse")
  for (const node of saysResponse ? file.all("Call", "Name", "Attribute") : file.all("Call")) {
    if (node.kind === "Call") {
      const old = node.keywords.filter(({ arg }) => arg === "regex" || arg === "example")
      const marker = old.length > 0 ? MARKER.exec(file.qualified(node.func) ?? "")?.[1] : undefined
      for (const { arg, start } of marker ? old : [])
        if (marker && (arg === "regex" || arg === "example")) yield { what: arg, name: marker, start, end: start + arg.length }
      continue
    }
    const response = RESPONSE.exec(file.qualified(node) ?? "")?.[1]
    const parent = response === undefined ? undefined : file.parentOf(node)
    // Where it is used: made, or given to a route. Annotations follow from that.
    if (response !== undefined && (parent?.kind === "keyword" || (parent?.kind === "Call" && parent.func === node)))
      yield { what: "response", name: response, start: node.start, end: node.end }
  }
}

const renamed = (at: Fix["edits"][number] extends infer E ? Omit<E, "text"> : never): Fix => ({
  title: `Write ${quote("pattern")}`,
  safety: "safe",
  edits: [{ ...at, text: "pattern" }],
})
