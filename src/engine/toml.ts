import { type AST, getStaticTOMLValue, ParseError, parseTOML } from "toml-eslint-parser"

/** A stretch of a TOML file, in UTF-16 offsets. */
export interface TomlSpan {
  start: number
  end: number
}

/** A TOML document that remembers where each key and value stands. */
export interface Toml {
  value: Record<string, unknown>
  /** Where a key stands: `["rules", "async/blocking-call"]`. For an item of a list: the item. */
  keySpan(path: readonly (string | number)[]): TomlSpan | undefined
  valueSpan(path: readonly (string | number)[]): TomlSpan | undefined
}

export class TomlSyntaxError extends Error {
  readonly at: TomlSpan

  constructor(message: string, offset: number, text: string) {
    super(message)
    const start = Math.min(offset, text.length)
    this.at = { start, end: Math.min(start + 1, text.length) }
  }
}

/**
 * Reads TOML with positions. Slow next to a plain reader (it keeps a syntax tree), so only for configuration;
 * lock files go through `smol-toml`.
 */
export function readToml(text: string): Toml {
  let program: AST.TOMLProgram
  try {
    program = parseTOML(text)
  } catch (error) {
    if (error instanceof ParseError) throw new TomlSyntaxError(error.message, error.index, text)
    throw error
  }
  const keys = new Map<string, TomlSpan>()
  const values = new Map<string, TomlSpan>()
  const top = program.body[0]
  for (const item of top.body) {
    if (item.type === "TOMLTable") {
      rememberKey(item.key, [])
      keys.set(JSON.stringify(item.resolvedKey), span(item.key.keys.at(-1) ?? item.key))
      for (const pair of item.body) rememberPair(pair, item.resolvedKey)
    } else rememberPair(item, [])
  }
  return {
    value: getStaticTOMLValue(program) as Record<string, unknown>,
    keySpan: (path) => keys.get(JSON.stringify(path)),
    valueSpan: (path) => values.get(JSON.stringify(path)),
  }

  function rememberKey(key: AST.TOMLKey, base: readonly (string | number)[]): readonly (string | number)[] {
    let path = base
    for (const part of key.keys) {
      path = [...path, part.type === "TOMLBare" ? part.name : part.value]
      // The first mention of a table is where a reader looks for it.
      const id = JSON.stringify(path)
      if (!keys.has(id)) keys.set(id, span(part))
    }
    return path
  }

  function rememberPair(pair: AST.TOMLKeyValue, base: readonly (string | number)[]): void {
    rememberValue(pair.value, rememberKey(pair.key, base))
  }

  function rememberValue(value: AST.TOMLContentNode, path: readonly (string | number)[]): void {
    values.set(JSON.stringify(path), span(value))
    if (value.type === "TOMLInlineTable") for (const pair of value.body) rememberPair(pair, path)
    if (value.type === "TOMLArray") {
      value.elements.forEach((element, index) => {
        keys.set(JSON.stringify([...path, index]), span(element))
        rememberValue(element, [...path, index])
      })
    }
  }
}

const span = (node: { range: [number, number] }): TomlSpan => ({ start: node.range[0], end: node.range[1] })
