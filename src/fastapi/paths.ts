/**
 * The algebra of path patterns: which URLs a path matches, whether a pattern covers another, and an index that finds
 * the earlier patterns that cover a later one. Pure text, no model. Grammar and converters are Starlette's
 * (`compile_path` in starlette/routing.py, starlette/convertors.py).
 */

/** A piece of a segment: literal text, or a parameter with the name of its converter. */
export type Atom = string | { converter: string }

/** What stands between two slashes. An empty list is an empty segment, as after the slash of `/items/`. */
export type Segment = readonly Atom[]

/** A path taken apart. The text before the first slash, which only a malformed path has, is its first segment. */
export type PathPattern = readonly Segment[]

const PARAMETER = /\{[a-zA-Z_]\w*(?::([a-zA-Z_]\w*))?\}/g

/** `/users/{id:int}` -> `[], ["users"], [{converter: "int"}]`. Braces that are no parameter are literal, as in Starlette. */
export function patternOf(path: string): PathPattern {
  const segments: Atom[][] = [[]]
  const add = (literal: string): void => {
    literal.split("/").forEach((piece, i) => {
      if (i > 0) segments.push([])
      if (piece !== "") segments.at(-1)?.push(piece)
    })
  }
  let end = 0
  for (const match of path.matchAll(PARAMETER)) {
    add(path.slice(end, match.index))
    segments.at(-1)?.push({ converter: match[1] ?? "str" })
    end = match.index + match[0].length
  }
  add(path.slice(end))
  return segments
}

/** The pattern of `mount(path, app)`: everything below the path, but not the path itself. */
export const mountPattern = (path: string): PathPattern => patternOf(`${path.replace(/\/$/, "")}/{path:path}`)

/** Equal for patterns that match the same URLs but for the names of their parameters: `/users/{:int}`. */
export const shapeOf = (pattern: PathPattern): string => pattern.map(shapeOfSegment).join("/")

const shapeOfSegment = (segment: Segment): string =>
  segment
    .map((atom) => (typeof atom === "string" ? atom.replaceAll("{", "{{") : atom.converter === "str" ? "{}" : `{:${atom.converter}}`))
    .join("")

/** Does every URL of `narrow` match `wide`? True is proof; false also where the proof would need more than segment-wise reasoning. */
export function covers(wide: PathPattern, narrow: PathPattern): boolean {
  const index = new PathIndex<true>()
  index.add(wide, true)
  return index.covering(narrow).length > 0
}

// ---------------------------------------------------------------------------- index

interface Node<T> {
  literal: Map<string, Node<T>>
  other: Map<string, { segment: Segment; node: Node<T> }>
  values: { order: number; value: T }[]
}

const newNode = <T>(): Node<T> => ({ literal: new Map(), other: new Map(), values: [] })

/** Patterns as a tree of segments, so that a project with many routes is not compared pair by pair. */
export class PathIndex<T> {
  private readonly root = newNode<T>()
  private size = 0

  add(pattern: PathPattern, value: T): void {
    let node = this.root
    for (const segment of pattern) {
      const literal = literalOf(segment)
      if (literal !== undefined) {
        const next = node.literal.get(literal) ?? newNode<T>()
        node.literal.set(literal, next)
        node = next
      } else {
        const shape = shapeOfSegment(segment)
        const next = node.other.get(shape) ?? { segment, node: newNode<T>() }
        node.other.set(shape, next)
        node = next.node
      }
    }
    node.values.push({ order: this.size++, value })
  }

  /** The values of all patterns added so far that cover this one, in the order in which they were added. */
  covering(pattern: PathPattern): T[] {
    const found = new Map<number, T>()
    this.collect(this.root, pattern, 0, found)
    return [...found].sort(([a], [b]) => a - b).map(([, value]) => value)
  }

  private collect(node: Node<T>, pattern: PathPattern, at: number, found: Map<number, T>): void {
    const segment = pattern[at]
    if (!segment) {
      for (const { order, value } of node.values) found.set(order, value)
      return
    }
    const literal = literalOf(segment)
    const same = literal === undefined ? undefined : node.literal.get(literal)
    if (same) this.collect(same, pattern, at + 1, found)
    for (const { segment: wide, node: next } of node.other.values()) {
      if (isWholePath(wide)) for (let end = at + 1; end <= pattern.length; end++) this.collect(next, pattern, end, found)
      else if (coversSegment(wide, segment)) this.collect(next, pattern, at + 1, found)
    }
  }
}

/** The text of a segment without parameters. */
const literalOf = (segment: Segment): string | undefined =>
  segment.every((atom) => typeof atom === "string") ? segment.join("") : undefined

const isWholePath = (segment: Segment): boolean => segment.length === 1 && isPath(segment[0] as Atom)

const isPath = (atom: Atom): boolean => typeof atom !== "string" && atom.converter === "path"

// ---------------------------------------------------------------------------- one segment

function coversSegment(wide: Segment, narrow: Segment): boolean {
  // A `path` beside other text may span several segments: only its like covers it, or a whole `path`.
  if (wide.some(isPath) || narrow.some(isPath)) return shapeOfSegment(wide) === shapeOfSegment(narrow)
  return aligns(wide, 0, units(narrow), 0)
}

/** Literals letter by letter, so that a parameter of the wider pattern may take part of one. */
const units = (segment: Segment): Atom[] => segment.flatMap((atom): Atom[] => (typeof atom === "string" ? [...atom] : [atom]))

function aligns(wide: Segment, i: number, narrow: readonly Atom[], j: number): boolean {
  const atom = wide[i]
  if (atom === undefined) return j === narrow.length
  if (typeof atom === "string") {
    const letters = [...atom]
    return letters.every((letter, k) => narrow[j + k] === letter) && aligns(wide, i + 1, narrow, j + letters.length)
  }
  for (let end = j + 1; end <= narrow.length; end++)
    if (takes(atom.converter, narrow.slice(j, end)) && aligns(wide, i + 1, narrow, end)) return true
  return false
}

const MATCHES: Record<string, RegExp> = {
  str: /^[^/]+$/,
  int: /^[0-9]+$/,
  float: /^[0-9]+(\.[0-9]+)?$/,
  uuid: /^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$/,
}

/** Converters whose values are never empty and hold no slash, so that `str` takes them. Others may be anything. */
const PLAIN = new Set(Object.keys(MATCHES))

/** Does a parameter with this converter match everything that a run of letters and parameters can be? */
function takes(converter: string, run: readonly Atom[]): boolean {
  if (run.every((unit) => typeof unit === "string")) return MATCHES[converter]?.test(run.join("")) ?? false
  if (converter === "str") return run.every((unit) => typeof unit === "string" || PLAIN.has(unit.converter))
  if (converter === "int") return run.every((unit) => (typeof unit === "string" ? /[0-9]/.test(unit) : unit.converter === "int"))
  const [only, ...more] = run
  if (more.length > 0 || only === undefined || typeof only === "string") return false
  return only.converter === converter || (converter === "float" && only.converter === "int")
}
