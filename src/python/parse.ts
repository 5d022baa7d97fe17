import { Language, Parser, type Node as TreeNode } from "web-tree-sitter"
import type { Parsed, Stmt } from "./nodes.ts"
import { blanked, readBrackets } from "./syntax/brackets.ts"
import { disguise } from "./syntax/disguise.ts"
import { statements } from "./syntax/statements.ts"
import { Reader, type SyntaxNode } from "./syntax/syntax.ts"

/** Where the two WebAssembly files are: their bytes, or a path or URL that the platform can open. */
export interface GrammarFiles {
  /** `web-tree-sitter.wasm` */
  runtime: Uint8Array | string
  /** `tree-sitter-python.wasm` */
  python: Uint8Array | string
}

interface Grammar {
  parser: Parser
  kinds: Kind[]
}

/** What is known of a node by its number alone: every call into WebAssembly that this saves makes reading faster. */
interface Kind {
  type: string
  named: boolean
  leaf: boolean
}

let grammar: Grammar | undefined
let loading: Promise<Grammar> | undefined

/** Makes `parse` ready. Loads once, however often it is called. */
export async function loadGrammar(files: GrammarFiles): Promise<void> {
  loading ??= load(files)
  grammar = await loading
}

async function load({ runtime, python }: GrammarFiles): Promise<Grammar> {
  await Parser.init(typeof runtime === "string" ? { locateFile: () => runtime } : { wasmBinary: runtime as Uint8Array<ArrayBuffer> })
  const language = await Language.load(python)
  const parser = new Parser()
  parser.setLanguage(language)
  return { parser, kinds: kindsOf(language) }
}

/** Named nodes whose children, if any, nobody reads. */
const LEAVES = new Set(
  (
    "identifier integer float true false none ellipsis comment line_continuation string_start string_end string_content " +
    "type_conversion wildcard_import positional_separator keyword_separator pass_statement break_statement continue_statement"
  ).split(" "),
)

function kindsOf(language: Language): Kind[] {
  return language.types.map((type, id) => {
    const named = language.nodeTypeIsNamed(id)
    return { type, named, leaf: !named || LEAVES.has(type) }
  })
}

const ERROR: Kind = { type: "ERROR", named: true, leaf: false }

/** Reads Python of any version from 3.8 to 3.14. Never throws for what the text is; it throws if no grammar was loaded. */
export function parse(text: string): Parsed {
  if (!grammar) throw new Error("loadGrammar() has to finish before parse()")
  const reader = new Reader(text)
  const root = read(grammar, reader)
  let body: Stmt[] = []
  try {
    body = statements(reader, root)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    reader.problem({ start: 0, end: 0 }, "too deeply nested to read")
  }
  const problems = reader.problems.sort((a, b) => a.start - b.start)
  return { module: { kind: "Module", body, start: 0, end: text.length }, comments: reader.comments, problems }
}

/** A text with more broken brackets and strings than this is left to tree-sitter's own recovery. */
const MOST_REPAIRS = 4

function read({ parser, kinds }: Grammar, reader: Reader): SyntaxNode {
  let shown = disguise(reader.text)
  let tree = parser.parse(shown)
  for (let repairs = 0; tree?.rootNode.hasError && repairs <= MOST_REPAIRS; repairs++) {
    const { problem, repaired, breaks, comments } = readBrackets(shown)
    if (problem) {
      reader.blame(problem)
      shown = repaired
    } else if (breaks.length > 0) {
      // The grammar takes a line end inside brackets for the end of a block, where the next line is indented less and
      // no closing bracket could stand. With such line ends blanked it reads the text as Python does.
      reader.comments.push(...comments.map((span) => ({ ...span, text: reader.textOf(span) })))
      shown = blanked(shown, [...breaks, ...comments])
    } else break
    tree.delete()
    tree = parser.parse(shown)
  }
  if (!tree) throw new Error("the parser was stopped")
  try {
    return copy(tree.rootNode, kinds, reader)
  } finally {
    tree.delete()
  }
}

/** Copies the tree out of WebAssembly, with a stack of its own: the tree may be thousands of levels deep. */
function copy(root: TreeNode, kinds: Kind[], reader: Reader): SyntaxNode {
  const hasError = root.hasError
  if (root.isError) reader.failure(errorSpan(reader, root.startIndex, root.endIndex), describeError(reader, root.startIndex, root.endIndex))
  const result: SyntaxNode = { type: "module", named: true, start: root.startIndex, end: root.endIndex, children: [] }
  const stack: [TreeNode, SyntaxNode][] = [[root, result]]
  for (let top = stack.pop(); top; top = stack.pop()) {
    const [from, to] = top
    for (const child of from.children) {
      const kind = kinds[child.typeId] ?? ERROR
      const start = child.startIndex
      // The text of a keyword is its name, except that `not in` may have more than a blank inside.
      const end = kind.named || hasError || kind.type.includes(" ") ? child.endIndex : start + kind.type.length
      if (kind.type === "comment") {
        reader.comments.push({ start, end, text: reader.text.slice(start, end) })
        continue
      }
      if (kind.type === "line_continuation") continue
      if (hasError) {
        if (kind === ERROR) reader.failure(errorSpan(reader, start, end), describeError(reader, start, end))
        else if (start === end && child.isMissing) reader.failure({ start, end }, `missing ${describeMissing(kind)}`)
        if (kind === ERROR && !HOLDS_STATEMENTS.has(to.type)) continue
      }
      const node: SyntaxNode = { type: kind.type, named: kind.named, start, end, children: NO_CHILDREN }
      to.children.push(node)
      if (kind.leaf || (kind.type === "string" && !FORMATTED.test(reader.text.slice(start, start + 3)))) continue
      node.children = []
      stack.push([child, node])
    }
  }
  reader.comments.sort((a, b) => a.start - b.start)
  return result
}

/** Only f-strings and t-strings have anything inside that is not read from the text. */
const FORMATTED = /^[A-Za-z]?[fFtT]/

const NO_CHILDREN: SyntaxNode[] = []
const HOLDS_STATEMENTS = new Set(["module", "block", "ERROR"])

/** An error may span half the file; its first line shows where it begins. */
function errorSpan(reader: Reader, start: number, end: number): { start: number; end: number } {
  const lineEnd = reader.text.slice(start, end).search(/[\r\n]/)
  return { start, end: lineEnd > 0 ? start + lineEnd : end }
}

function describeError(reader: Reader, start: number, end: number): string {
  const text =
    reader.text
      .slice(start, Math.min(end, start + 30))
      .trim()
      .split(/[\r\n]/)[0] ?? ""
  return text === "" ? "invalid syntax" : `invalid syntax at \`${text}\``
}

function describeMissing({ type, named }: Kind): string {
  if (!named) return `\`${type}\``
  return type === "identifier" ? "a name" : `a ${type.replaceAll("_", " ")}`
}
