/** The words of a suppression comment, before anyone asks what they cover. */
import type { Comment, Span } from "#python"
import { nearest } from "./selectors.ts"

export interface Selector extends Span {
  text: string
}

/** One instruction within a comment. Offsets are those of the file. */
export interface Directive extends Span {
  tool: "fastlint" | "ruff" | "noqa" | "nosec"
  kind: "ignore" | "file-ignore" | "disable" | "enable" | "skip-file" | "invalid"
  selectors: Selector[]
  reason?: string
  until?: string
  reasonAt: number
  mistake?: string
}

const FORMS = ["ignore", "file-ignore", "disable", "enable", "skip-file"] as const
/** What people write out of habit from other tools; any other word is prose. */
const HABITS = new Set(["off", "on", "skip", "noqa", "nosec", "disable-next-line", "ignore-file", "disable-file", "disable-line"])

/** The directives of one comment: ours, and those of other tools. A `#` within the comment may begin one. */
export function readDirectives(comment: Comment): Directive[] {
  if (!/fastlint|noqa|nosec|ruff/i.test(comment.text)) return []
  return segments(comment).flatMap((segment) => named(segment) ?? coded(segment) ?? [])
}

/** `# a  # b` is read as `# a` and `# b`. */
function segments(comment: Comment): Selector[] {
  const starts = [...comment.text.matchAll(/#+/g)]
    .map(({ index }) => index)
    .filter((at) => at === 0 || /\s/.test(comment.text[at - 1]!) || /^#+\s*(fastlint|ruff)\s*:/.test(comment.text.slice(at)))
  return starts.map((start, i) => {
    const text = comment.text.slice(start, starts[i + 1] ?? comment.text.length).trimEnd()
    return { text, start: comment.start + start, end: comment.start + start + text.length }
  })
}

/** `# fastlint: ignore[...] reason`, and ruff's comments of the same shape. */
function named({ text, start, end }: Selector): Directive | undefined {
  const slip = slipOf(text)
  if (slip) return { tool: "fastlint", kind: "invalid", selectors: [], start, end, reasonAt: end, mistake: slip }
  const head = /^#+\s*(fastlint|ruff)\s*:\s*([a-z-]+)[^\S\n]*(\[[^\]]*\]?)?/i.exec(text)
  if (!head) return undefined
  const tool = head[1]!.toLowerCase() as "fastlint" | "ruff"
  const word = head[2]!.toLowerCase()
  const bracket = head[3]
  const base = { tool, start, end, selectors: [] as Selector[], reasonAt: end }
  const mistaken = (mistake: string): Directive | undefined => (tool === "fastlint" ? { ...base, kind: "invalid", mistake } : undefined)

  const kind = FORMS.find((form) => form === word)
  if (!kind) {
    const meant = nearest(word, FORMS)
    if (bracket === undefined && !HABITS.has(word) && (meant === undefined || word.length < 5)) return undefined
    return mistaken(`\`${word}\` is not a form of suppression; write \`# fastlint: ${meant ?? "ignore"}[section/rule] reason\``)
  }
  if (kind === "skip-file") {
    const { reason, until } = said(text.slice(head[0].length))
    if (tool === "fastlint" && reason === undefined) return mistaken("Say why the whole file is skipped: `# fastlint: skip-file reason`")
    return { ...base, kind, ...(reason === undefined ? {} : { reason }), ...(until === undefined ? {} : { until }) }
  }
  if (bracket === undefined) return mistaken(`Say which rules: \`# fastlint: ${kind}[section/rule] reason\``)
  if (!bracket.endsWith("]")) return mistaken("The bracket is never closed")

  const from = start + head[0].length - bracket.length + 1
  const selectors = [...bracket.slice(1, -1).matchAll(/[^,\s][^,]*/g)].map((match) => {
    const name = match[0].trimEnd()
    return { text: name, start: from + match.index, end: from + match.index + name.length }
  })
  if (selectors.length === 0) return mistaken("Say which rules between the brackets; there is no form for all of them")
  return { ...base, kind, selectors, reasonAt: start + head[0].length, ...said(text.slice(head[0].length)) }
}

/** What a comment was surely meant as, without one of its parts; a sentence about fastlint is none of these. */
function slipOf(text: string): string | undefined {
  const rest = /^#+\s*fastlint\b(.*)$/is.exec(text)?.[1]
  if (rest === undefined) return undefined
  const forms = FORMS.join("|")
  if (new RegExp(`^\\s*[-=]?\\s*(?:${forms})\\s*(?:\\[|$)`, "i").test(rest))
    return "There is a colon missing: `# fastlint: ignore[section/rule] reason`"
  if (/^\s*:\s*$/.test(rest)) return "This says nothing; write `# fastlint: ignore[section/rule] reason`"
  if (/^\s*:\s*(?:\[|[a-z]+\/[a-z*])/i.test(rest)) return "Say what to do with the rule: `# fastlint: ignore[section/rule] reason`"
  return undefined
}

/** `until=2027-03-01 the reason`. A reason has letters. */
function said(rest: string): { reason?: string; until?: string } {
  const until = /^\s*until=(\d{4}-\d{2}-\d{2})(?=\s|$)/.exec(rest)
  const reason = rest
    .slice(until?.[0].length ?? 0)
    .replace(/^[\s:–—-]+/, "")
    .trim()
  return { ...(until ? { until: until[1]! } : {}), ...(/\p{L}/u.test(reason) ? { reason } : {}) }
}

/** `# noqa: ASYNC210`, `# ruff: noqa: S608`, `# nosec B105`: comments with codes of other linters. */
function coded({ text, start, end }: Selector): Directive | undefined {
  const match = /^#+\s*(?:(ruff|flake8)\s*[:=]\s*)?(noqa|nosec)\b\s*:?/i.exec(text)
  if (!match) return undefined
  const codes = /^[\s,]*[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*/i.exec(text.slice(match[0].length))?.[0] ?? ""
  const from = start + match[0].length
  const selectors = [...codes.matchAll(/[A-Z]+[0-9]+/gi)].map(({ 0: code, index }) => ({
    text: code.toUpperCase(),
    start: from + index,
    end: from + index + code.length,
  }))
  const tool = match[2]!.toLowerCase() as "noqa" | "nosec"
  return { tool, kind: match[1] ? "file-ignore" : "ignore", start, end, selectors, reasonAt: end }
}
