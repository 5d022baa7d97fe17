import { type Finding, type Hidden, hiddenRoutes, list, type Mounted, plural, quote, type Route, rule } from "#rule"

export default rule({
  summary: "A route that an earlier route or mount always answers first",
  why: `
FastAPI tries routes in the order in which they were added, and decides by the path alone: \`/users/{user_id}\` takes
\`/users/me\` too, even when \`user_id\` is declared as \`int\` (the client then gets a 422). A mount takes everything below its
path. A route that comes after one that covers it is never called, and nothing warns of it.
`,
  help: "Move the more specific route above the general one",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/path-params/#order-matters",
  equivalents: [],
  exemptions: [
    "the specific route comes first, which is the right order",
    "a converter keeps them apart (`{id:int}` does not take `me`)",
    "one of the two stands in a branch that may not be taken, or its path is not wholly known",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/users/{user_id}")
        def read_user(user_id: int):
            return {"id": user_id}

        @app.get("/users/me") # expect: \`GET /users/me\` is never reached: \`/users/{user_id}\` comes first
        def read_me():
            return {"id": 0}
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/users/me")
        def read_me():
            return {"id": 0}

        @app.get("/users/{user_id}")
        def read_user(user_id: int):
            return {"id": user_id}
      `,
    },
    {
      bad: `
        from fastapi import FastAPI
        from fastapi.staticfiles import StaticFiles

        app = FastAPI()
        app.mount("/", StaticFiles(directory="dist", html=True))

        @app.get("/health") # expect: \`GET /health\` is never reached: the mount at \`/\` comes first
        def health():
            return {"ok": True}
      `,
      good: `
        from fastapi import FastAPI
        from fastapi.staticfiles import StaticFiles

        app = FastAPI()

        @app.get("/health")
        def health():
            return {"ok": True}

        app.mount("/", StaticFiles(directory="dist", html=True))
      `,
    },
  ],

  *project(project) {
    const groups = new Map<string, Hidden[]>()
    for (const hidden of hiddenRoutes(project)) {
      const { by, later } = hidden
      if (isLeftToDuplicates(hidden) || isSameEndpoint(by, later)) continue
      const key = `${by.at.path}:${by.at.start}`
      groups.set(key, [...(groups.get(key) ?? []), hidden])
    }
    for (const group of groups.values()) {
      if (group.length > MANY) yield misplaced(group)
      else for (const hidden of group) yield shadowed(hidden)
    }
  },
})

/** From here on it is the earlier one that stands in the wrong place, and told once. */
const MANY = 8

function shadowed({ later, by, methods }: Hidden): Finding {
  return {
    at: later.at,
    message: `${quote(nameOf(later, methods))} is never reached: ${spelled(by)} comes first and takes it`,
    related: [{ at: by.at, message: `${spelled(by)} is added here` }],
    ...(later.kind !== "mount" && { routes: [later] }),
    scope: nameOf(later, methods),
    discriminator: pathOf(by),
  }
}

function misplaced(group: readonly Hidden[]): Finding {
  const [{ by }] = group as [Hidden, ...Hidden[]]
  const names = group.slice(0, 3).map(({ later, methods }) => quote(nameOf(later, methods)))
  return {
    at: by.at,
    message: `${spelled(by)} hides ${plural(group.length, "route")} that are added later, ${list([...names, "others"])} among them`,
    help: "Add it last",
    related: group
      .slice(0, 3)
      .map(({ later, methods }) => ({ at: later.at, message: `${quote(nameOf(later, methods))} is never reached` })),
    routes: group.flatMap(({ later }) => (later.kind === "mount" ? [] : [later])),
    scope: pathOf(by),
  }
}

/** Two routes with one path are `http/duplicate-route`'s; two mounts have no methods and are ours. */
const isLeftToDuplicates = ({ later, by, equal }: Hidden): boolean => equal && later.kind !== "mount" && by.kind !== "mount"

/** One function under a general and a special path does the same work for both. */
const isSameEndpoint = (a: Route | Mounted, b: Route | Mounted): boolean =>
  a.kind !== "mount" && b.kind !== "mount" && a.endpoint !== undefined && a.endpoint === b.endpoint

const pathOf = ({ path }: Route | Mounted): string => (path.known ? path.value || "/" : "")

const nameOf = (entry: Route | Mounted, methods: readonly string[]): string =>
  entry.kind === "mount" ? `mount ${pathOf(entry)}` : `${list(methods)} ${pathOf(entry)}`

const spelled = (entry: Route | Mounted): string => (entry.kind === "mount" ? `the mount at ${quote(pathOf(entry))}` : quote(pathOf(entry)))
