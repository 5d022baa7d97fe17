/** The routes of a project by how their paths begin: most requests need to be laid beside a few of them only. */
import type { Route, TestRequest } from "../project.ts"
import { pieces } from "./urls.ts"

/** So many pieces of a path are looked at: `/api/v1/users` tells routes apart where `/api` does not. */
const DEPTH = 4

interface Row {
  route: Route
  /** Its place among the routes of the project. */
  nth: number
  beginnings: string[][]
}

export class RouteTable {
  private readonly rows: Row[]
  /** By the first two pieces, where these are plain; the others in `open`. */
  private readonly byStart = new Map<string, Set<Row>>()
  private readonly open = new Set<Row>()
  private readonly routes: readonly Route[]
  private readonly found = new Map<string, readonly Route[]>()

  /** @param under  the paths below which a route answers */
  constructor(routes: readonly Route[], under: (route: Route) => readonly string[]) {
    this.routes = routes
    this.rows = routes.flatMap((route, nth) => {
      const { path } = route
      return path.known ? [{ route, nth, beginnings: under(route).map((start) => pieces(start + path.value).slice(0, DEPTH)) }] : []
    })
    for (const row of this.rows) for (const beginning of row.beginnings) this.place(row, startOf(beginning))
  }

  private place(row: Row, start: string | undefined): void {
    if (start === undefined) {
      this.open.add(row)
      return
    }
    const rows = this.byStart.get(start)
    if (rows) rows.add(row)
    else this.byStart.set(start, new Set([row]))
  }

  /** The routes that a request may fit, in the order of the project, and others whose paths begin alike. */
  near(request: TestRequest): readonly Route[] {
    if (request.routeName !== undefined || !request.path.known) return this.routes
    const asked = pieces(request.path.value).slice(0, DEPTH)
    const key = asked.join("/")
    const known = this.found.get(key)
    if (known) return known
    const start = startOf(asked)
    const rows = start === undefined ? this.rows : new Set([...(this.byStart.get(start) ?? []), ...this.open])
    const near = [...rows]
      .filter(({ beginnings }) => beginnings.some((wanted) => mayBegin(asked, wanted)))
      .sort((a, b) => a.nth - b.nth)
      .map(({ route }) => route)
    this.found.set(key, near)
    return near
  }
}

/** The first two pieces of a path; undefined where one of them has a hole or a parameter, which may stand for anything. */
function startOf(beginning: readonly string[]): string | undefined {
  const start = beginning.slice(0, 2)
  return start.some((piece) => piece.includes("{")) ? undefined : start.join("/")
}

/** May what is asked for begin like this path? Whatever has a hole or a parameter may stand for any number of pieces. */
function mayBegin(asked: readonly string[], wanted: readonly string[]): boolean {
  for (let at = 0; at < DEPTH; at++) {
    const [piece, one] = [asked[at], wanted[at]]
    if (piece === undefined && one === undefined) return true
    if (one?.includes("{") && /:path\}/.test(one)) return true
    if (piece === undefined || one === undefined) return at === 0 && piece === "{}"
    if (at === 0 && piece === "{}") return true
    if (piece !== one && !piece.includes("{}") && !one.includes("{")) return false
  }
  return true
}
