/**
 * Tables of facts keyed by patterns of qualified names.
 *
 * A pattern is a name in which `{a,b}` means either, `*` one segment, `*()` one that is called, and `**` one or
 * more of any sort: `requests.{get,post}`, `boto3.client().*`, `openai.OpenAI().**.create`. Private names match no
 * star. An exact name beats a pattern, and a pattern with a longer known beginning beats a shorter one, so an
 * exception is just another row.
 */
export type Row<T> = readonly [pattern: string, fact: T]

interface Wild<T> {
  /** What follows the known beginning. */
  rest: string[]
  fact: T
}

/** A look-up from a name to the fact of the best matching row. */
export function table<T>(rows: Iterable<Row<T>>): (name: string) => T | undefined {
  const exact = new Map<string, T>()
  const wild = new Map<string, Wild<T>[]>()
  for (const [pattern, fact] of rows) {
    for (const name of spell(pattern)) {
      const segments = name.split(".")
      const star = segments.findIndex((segment) => segment.startsWith("*"))
      if (star < 0) {
        if (!exact.has(name)) exact.set(name, fact)
        continue
      }
      const start = segments.slice(0, star).join(".")
      const row = { rest: segments.slice(star), fact }
      const rows = wild.get(start)
      if (rows) rows.push(row)
      else wild.set(start, [row])
    }
  }
  return (name) => {
    const found = exact.get(name)
    if (found !== undefined) return found
    for (let end = name.lastIndexOf("."); end > 0; end = name.lastIndexOf(".", end - 1)) {
      const candidates = wild.get(name.slice(0, end))
      if (!candidates) continue
      const segments = name.slice(end + 1).split(".")
      for (const { rest, fact } of candidates) if (fits(rest, segments)) return fact
    }
    return undefined
  }
}

/** All names that `{a,b}` stands for: `x.{a,b}` -> `x.a`, `x.b`. Braces may follow one another, not nest. */
export function spell(pattern: string): string[] {
  const open = pattern.indexOf("{")
  if (open < 0) return [pattern]
  const close = pattern.indexOf("}", open)
  const tails = spell(pattern.slice(close + 1))
  const names: string[] = []
  for (const choice of pattern.slice(open + 1, close).split(","))
    for (const tail of tails) names.push(pattern.slice(0, open) + choice.trim() + tail)
  return names
}

/** Does a pattern's end match these segments, from place `p` and place `s` on? */
function fits(pattern: string[], segments: string[], p = 0, s = 0): boolean {
  const wanted = pattern[p]
  const segment = segments[s]
  if (wanted === undefined || segment === undefined) return wanted === segment
  if (wanted === "**") return isPublic(segment) && (fits(pattern, segments, p + 1, s + 1) || fits(pattern, segments, p, s + 1))
  if (wanted === "*" || wanted === "*()")
    return isPublic(segment) && segment.endsWith("()") === (wanted === "*()") && fits(pattern, segments, p + 1, s + 1)
  return wanted === segment && fits(pattern, segments, p + 1, s + 1)
}

const isPublic = (segment: string) => !segment.startsWith("_")
