/** A node as `scripts/ast_dump.py` prints it: some kinds have no span. */
export interface Dumped {
  kind: string
  start?: number
  end?: number
  [field: string]: unknown
}

export interface Difference {
  /** Offset into the text. */
  at: number
  /** The way to the node, what CPython says and what we say. */
  what: string
}

/** The first place where our tree does not say what CPython's says. `spans: false` compares no offsets. */
export function difference(theirs: Dumped, ours: Dumped, { spans = true } = {}): Difference | undefined {
  let at = 0
  const differ = (path: string, a: unknown, b: unknown): Difference => ({ at, what: `${path}: CPython ${short(a)}, we ${short(b)}` })
  const compare = (a: unknown, b: unknown, path: string): Difference | undefined => {
    if (Array.isArray(a)) {
      if (!Array.isArray(b)) return differ(path, a, b)
      for (let i = 0; i < Math.min(a.length, b.length); i++) {
        const found = compare(a[i], b[i], `${path}[${i}]`)
        if (found) return found
      }
      return a.length === b.length ? undefined : differ(`${path}.length`, a.length, b.length)
    }
    if (a !== null && typeof a === "object") return isNode(b) ? compareNodes(a as Dumped, b, path) : differ(path, a, b)
    if (a === b) return undefined
    if (typeof a === "string" && typeof b === "string" && b.includes("\\N{"))
      return namedEscapes(b).test(a) ? undefined : differ(path, a, b)
    return differ(path, a, b)
  }
  const compareNodes = (a: Dumped, b: Dumped, path: string): Difference | undefined => {
    if (typeof b.start === "number") at = b.start
    if (a.kind !== b.kind) return differ(`${path}.kind`, a.kind, b.kind)
    if (spans && a.start !== undefined && (a.start !== b.start || a.end !== b.end))
      return differ(`${path}<${a.kind}>`, [a.start, a.end], [b.start, b.end])
    for (const [field, value] of Object.entries(a)) {
      if (field === "kind" || field === "start" || field === "end") continue
      const found = compare(value, b[field], `${path}.${field}`)
      if (found) return found
    }
    return undefined
  }
  return compareNodes(theirs, ours, "")
}

const isNode = (value: unknown): value is Dumped => value !== null && typeof value === "object" && !Array.isArray(value)

/** We leave `\N{...}` as it is; any character will do. */
const namedEscapes = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split(/\\N\{[^}]*\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&"))
      .join("[^]{1,2}")}$`,
  )

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing"
  return text.length > 160 ? `${text.slice(0, 160)}...` : text
}
