/** Finding again, by its place, what a file's notes speak of: asked for every call of a project, so no text is made to ask with. */
import type { Fn, Project } from "#fastapi"
import { type Place, spanKey } from "#python"
import type { FileNotes } from "./rule.ts"

type Spot = Pick<Place, "path" | "start">

/** What is known of places, by the file they lie in and where they begin and, where that matters, end. */
export class PlaceMap<T> {
  private readonly byPath = new Map<string, Map<number, T>>()

  get isEmpty(): boolean {
    return this.byPath.size === 0
  }

  set(path: string, start: number, value: T, end = start): void {
    const known = this.byPath.get(path) ?? new Map<number, T>()
    this.byPath.set(path, known.set(spanKey({ start, end }), value))
  }

  /** What begins there, whatever its end. Of what was set without one. */
  at({ path, start }: Spot): T | undefined {
    return this.byPath.get(path)?.get(spanKey({ start, end: start }))
  }

  /** What begins and ends there. */
  get({ path, start, end }: Place): T | undefined {
    return this.byPath.get(path)?.get(spanKey({ start, end }))
  }
}

/** Notes on spans, by the spans. Those of a file are sorted when somebody asks of it: rules ask of few of the calls that they note. */
export function notedSpans<N extends { start: number; end: number }>(notes: readonly FileNotes<readonly N[]>[]): NotedSpans<N> {
  return new NotedSpans(notes)
}

class NotedSpans<N extends { start: number; end: number }> {
  private readonly unsorted: Map<string, readonly N[]>
  private readonly byPath = new Map<string, Map<number, N>>()

  constructor(notes: readonly FileNotes<readonly N[]>[]) {
    this.unsorted = new Map(notes.map(({ path, notes: all }) => [path, all]))
  }

  get isEmpty(): boolean {
    return this.unsorted.size === 0
  }

  /** What is noted of just this span. */
  get({ path, start, end }: Place): N | undefined {
    return this.in(path).get(spanKey({ start, end }))
  }

  /** All spans that have a note. */
  *places(): Generator<[at: Place, note: N]> {
    for (const path of this.unsorted.keys())
      for (const note of this.in(path).values()) yield [{ path, start: note.start, end: note.end }, note]
  }

  private in(path: string): Map<number, N> {
    let sorted = this.byPath.get(path)
    if (!sorted) {
      sorted = new Map()
      for (const note of this.unsorted.get(path) ?? []) sorted.set(spanKey(note), note)
      this.byPath.set(path, sorted)
    }
    return sorted
  }
}

/** Notes that say where something begins, and nothing more. */
export function notedStarts(notes: readonly FileNotes<readonly number[]>[]): (at: Spot) => boolean {
  const map = new PlaceMap<true>()
  for (const { path, notes: all } of notes) for (const start of all) map.set(path, start, true)
  return (at) => map.at(at) === true
}

const functions = new WeakMap<Project, PlaceMap<Fn>>()

/** The function whose name stands there. */
export function functionAt(project: Project, path: string, start: number): Fn | undefined {
  let map = functions.get(project)
  if (!map) {
    map = new PlaceMap<Fn>()
    for (const fn of project.functions) map.set(fn.path, fn.at.start, fn)
    functions.set(project, map)
  }
  return map.at({ path, start })
}
