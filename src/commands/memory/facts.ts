import type { CheckedProject } from "#engine"
import type { App, CallEvent, Fn, Project, Route } from "#fastapi"
import { routeName } from "#lint"
import type { ClassValue, Value } from "#python"

/** One topic of the page: lines of Markdown, empty where there is nothing to say. */
export type Topic = (facts: Facts) => string[]

/** The model of one project, asked as a page about it asks: by the application's own code, in the order of the text. */
export class Facts {
  readonly checked: CheckedProject
  readonly project: Project
  readonly apps: readonly App[]
  /** What the apps serve, without tests' and examples' own apps. */
  readonly routes: readonly Route[]
  readonly functions: readonly Fn[]
  readonly classes: readonly ClassValue[]
  private readonly byId: ReadonlyMap<string, Fn>

  constructor(checked: CheckedProject) {
    this.checked = checked
    this.project = checked.analysis.project
    const isOwn = (path: string) => this.project.role(path) === "app"
    const apps = this.project.apps.filter(({ at }) => isOwn(at.path))
    this.apps = apps.length > 0 ? apps : this.project.apps
    this.routes = this.apps.flatMap(({ routes }) => routes.filter(({ at }) => isOwn(at.path) || apps.length === 0))
    this.functions = this.project.functions.filter(({ path }) => isOwn(path))
    this.classes = this.project.classes.filter(({ module }) => isOwn(module))
    this.byId = new Map(this.project.functions.map((fn) => [fn.id, fn]))
  }

  /** `` `get_db` (app/deps.py) `` for a function of the project, the short name for anything else. */
  named(id: string): string {
    const fn = this.byId.get(id)
    return fn ? `${code(fn.qualname)} (${fn.path})` : code(short(id))
  }

  /** The calls of library functions whose name fits, by name, with the files that hold them. */
  callsOf(pattern: RegExp): { name: string; count: number; paths: string[] }[] {
    const found = new Map<string, { count: number; paths: Set<string> }>()
    for (const fn of this.functions)
      for (const event of fn.events) {
        if (event.is !== "call") continue
        const name = nameOf(event)
        if (name === undefined || !pattern.test(name)) continue
        const one = found.get(name) ?? { count: 0, paths: new Set<string>() }
        one.count += 1
        found.set(name, { ...one, paths: one.paths.add(fn.path) })
      }
    return [...found]
      .map(([name, { count, paths }]) => ({ name, count, paths: [...paths].sort() }))
      .sort((a, b) => b.count - a.count || compare(a.name, b.name))
  }
}

/** The library function that a call surely enters. */
const nameOf = ({ name, callees }: CallEvent): string | undefined => name ?? (callees.length === 1 ? callees[0]?.name : undefined)

/** How often each text occurs, the most frequent first. */
export function counted(texts: Iterable<string>): [text: string, count: number][] {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].sort(([a, m], [b, n]) => n - m || compare(a, b))
}

/** The first of some lines, and how many more there are. */
export function most<T>(items: readonly T[], limit: number, line: (item: T) => string, what: string): string[] {
  const lines = items.slice(0, limit).map(line)
  return items.length > limit ? [...lines, `- and ${items.length - limit} more ${what}`] : lines
}

/** "a, b, c and 4 more". */
export function some(words: readonly string[], limit: number): string {
  const left = words.length - limit
  return left > 0 ? `${words.slice(0, limit).join(", ")} and ${left} more` : words.join(", ")
}

/** Code within Markdown: it neither ends nor leaves its line, whatever is in it. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ").replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "")
  return line.includes("`") ? `\`\` ${line} \`\`` : `\`${line}\``
}

/** `AsyncSession` of `sqlalchemy.ext.asyncio.AsyncSession()`; `list[Item]` of `list[app.schemas:Item]`. */
export const short = (name: string): string => name.replace(/[\w.]+[.:](?=\w)/g, "").replace(/\(\)$/, "")

/** `GET /users`, as code. */
export const routeCode = (route: Route): string => code(routeName(route).replaceAll("`", ""))

/** The name of a library's thing; its class where it is a call of one. */
export const libraryName = (value: Value | undefined): string | undefined => (value?.is === "external" ? value.name : undefined)

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
