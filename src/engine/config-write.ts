import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { basename, dirname, join } from "node:path"
import { type AST, parseTOML } from "toml-eslint-parser"
import { CannotStart } from "./problem.ts"
import { readToml } from "./toml.ts"

/** Texts to add to one list: `dependencies` of `["tool", "fastlint", "auth"]`. */
export interface Addition {
  table: readonly string[]
  key: string
  values: readonly string[]
}

/** Adds texts to a list of a configuration file, which may not exist yet. The file is whole at every moment. */
export function writeAddition(path: string, addition: Addition): void {
  const target = existsSync(path) ? realpathSync(path) : path
  const text = existsSync(target) ? readFileSync(target, "utf8") : ""
  const changed = withAddition(text, addition)
  if (changed === text) return
  const mode = existsSync(target) ? statSync(target).mode & 0o777 : 0o644
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  try {
    const file = openSync(beside, "wx", mode)
    writeFileSync(file, changed)
    fsyncSync(file)
    closeSync(file)
    renameSync(beside, target)
  } catch (error) {
    rmSync(beside, { force: true })
    throw new CannotStart([
      { severity: "error", message: `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}` },
    ])
  }
}

/**
 * The text with these values in the list. Nothing else moves: comments, order and layout stay as they are. Throws
 * where the file is laid out in a way that does not take them.
 */
export function withAddition(text: string, addition: Addition): string {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : ""
  const body = text.slice(mark.length)
  const before = listAt(body, addition) ?? []
  const values = addition.values.filter((value) => !before.includes(value))
  if (values.length === 0) return text
  const eol = body.includes("\r\n") ? "\r\n" : "\n"
  const { at, insert } = placeFor(body, { ...addition, values }, eol)
  const changed = body.slice(0, at) + insert + body.slice(at)
  const after = readsAs(changed, addition)
  if (!after || values.some((value) => !after.includes(value)))
    throw new CannotStart([
      {
        severity: "error",
        message: `could not add \`${addition.key}\` to this layout`,
        notes: [["help", "fastlint questions --format toml"]],
      },
    ])
  return mark + changed
}

function readsAs(text: string, addition: Addition): unknown[] | undefined {
  try {
    return listAt(text, addition)
  } catch {
    return undefined
  }
}

function listAt(text: string, { table, key }: Addition): unknown[] | undefined {
  let value: unknown = readToml(text).value
  for (const part of [...table, key]) value = (value as Record<string, unknown> | undefined)?.[part]
  return Array.isArray(value) ? value : undefined
}

// ---------------------------------------------------------------------------- where it goes

interface Insertion {
  at: number
  insert: string
}

interface Pair {
  path: string[]
  node: AST.TOMLKeyValue
  /** How many parts of its path the header above it says. */
  said: number
  /** The inline table that it stands in. */
  inline?: AST.TOMLInlineTable
}

function placeFor(text: string, { table, key, values }: Addition, eol: string): Insertion {
  const [top] = parseTOML(text).body
  const tables = top.body.filter((item) => item.type === "TOMLTable" && item.kind === "standard") as AST.TOMLTable[]
  const pairs = [
    ...top.body.flatMap((item) => (item.type === "TOMLKeyValue" ? pairsOf(item, []) : [])),
    ...tables.flatMap((item) => item.body.flatMap((pair) => pairsOf(pair, item.resolvedKey.map(String)))),
  ]
  const assigned = `${key} = [${values.map(quoted).join(", ")}]`
  const existing = pairs.find(({ path }) => isSame(path, [...table, key]))
  if (existing?.node.value.type === "TOMLArray") return intoArray(text, existing.node.value, values, eol)

  // `auth = { public = [] }`: what is written inline cannot be opened again by a header.
  const inline = pairs.find(({ path, node }) => isSame(path, table) && node.value.type === "TOMLInlineTable")?.node.value
  if (inline?.type === "TOMLInlineTable") {
    const last = inline.body.at(-1)
    return last ? { at: last.range[1], insert: `, ${assigned}` } : { at: inline.range[0] + 1, insert: ` ${assigned} ` }
  }
  const home = tables.find((item) => isSame(item.resolvedKey.map(String), table))
  if (home) return afterLine(text, home.body.at(-1)?.range[1] ?? home.range[1], assigned, eol)

  // `auth.public = []` under a header: its siblings are written the same way.
  const isSibling = ({ path, said, inline: within }: Pair) =>
    !within && said < table.length && path.length > table.length && isSame(path.slice(0, table.length), table)
  const sibling = pairs.filter(isSibling).at(-1)
  if (sibling) {
    const { key: written } = sibling.node
    const prefix = text.slice(written.range[0], written.keys[table.length - sibling.said]?.range[0])
    return afterLine(text, sibling.node.range[1], `${prefix}${assigned}`, eol)
  }
  if (table.length === 0) {
    const last = top.body.filter((item) => item.type === "TOMLKeyValue").at(-1)
    return last ? afterLine(text, last.range[1], assigned, eol) : { at: 0, insert: `${assigned}${eol}${text === "" ? "" : eol}` }
  }
  // A new table goes behind the last one of its family.
  const family = tables.filter(
    ({ resolvedKey }) => table.length > 1 && isSame(resolvedKey.slice(0, table.length - 1).map(String), table.slice(0, -1)),
  )
  const last = family.at(-1)
  const end = last ? (last.body.at(-1)?.range[1] ?? last.range[1]) : text.trimEnd().length
  const head = text.trim() === "" ? "" : eol
  return afterLine(text, end, `${head}[${table.join(".")}]${eol}${assigned}`, eol)
}

function pairsOf(node: AST.TOMLKeyValue, base: string[], inline?: AST.TOMLInlineTable): Pair[] {
  const path = [...base, ...node.key.keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value))]
  const { value } = node
  const below = value.type === "TOMLInlineTable" ? value.body.flatMap((pair) => pairsOf(pair, path, value)) : []
  return [{ path, node, said: base.length, ...(inline ? { inline } : {}) }, ...below]
}

/** On a line of its own, behind the line that an offset is on and the comment at its end. */
function afterLine(text: string, offset: number, line: string, eol: string): Insertion {
  const next = text.indexOf("\n", offset)
  if (next === -1) return { at: text.length, insert: `${text === "" ? "" : eol}${line}${eol}` }
  return { at: next + 1, insert: `${line}${eol}` }
}

function intoArray(text: string, array: AST.TOMLArray, values: readonly string[], eol: string): Insertion {
  const last = array.elements.at(-1)
  const items = values.map(quoted)
  if (!last) return { at: array.range[0] + 1, insert: items.join(", ") }
  const close = array.range[1] - 1
  const lineStart = text.lastIndexOf("\n", close - 1) + 1
  const isAlone = lineStart > last.range[1] && text.slice(lineStart, close).trim() === ""
  if (!isAlone) return { at: last.range[1], insert: `, ${items.join(", ")}` }
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", last.range[0] - 1) + 1, last.range[0]))?.[0] ?? ""
  const lines = items.map((item) => `${indent}${item},${eol}`).join("")
  // A comment may follow the last item: the new ones go below it, and only a missing comma goes before it.
  const gap = text.slice(last.range[1], lineStart)
  if (gap.replace(/#.*/g, "").includes(",")) return { at: lineStart, insert: lines }
  return { at: last.range[1], insert: `,${eol}${lines.trimEnd()}` }
}

/** JSON escapes as TOML does, DEL aside. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll("\u007f", "\\u007f")

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((part, i) => part === b[i])
