/** A file's record as bytes: how it is cached, and how one thread hands it to another. */
import { type ModuleFacts, packTree, unpackTree } from "#python"
import type { FileRecord } from "./map-file.ts"

/** Everything but the tree, as JSON. */
interface Head {
  record: Omit<FileRecord, "path" | "text" | "facts" | "crashes">
  facts?: Omit<ModuleFacts, "path" | "tree">
  /** Texts of the tree that are not among the mentions. */
  texts: string[]
}

/**
 * A record without its path and text, which whoever reads it knows. Undefined where something broke while the record
 * was made: that is told anew on every run, from where it happens.
 */
export function recordBytes(whole: FileRecord): Uint8Array | undefined {
  const { path: _, text: __, facts, crashes, ...record } = whole
  if (crashes.length > 0) return undefined
  const head: Head = { record, texts: [] }
  let tree: Uint8Array = new Uint8Array()
  if (facts) {
    const { path: ___, tree: module, ...rest } = facts
    const texts = [...facts.mentions]
    tree = packTree(module, texts)
    head.facts = rest
    head.texts = texts.slice(facts.mentions.length)
  }
  const json = Buffer.from(JSON.stringify(head))
  const bytes = new Uint8Array(HEAD + json.length + tree.length)
  new DataView(bytes.buffer).setUint32(0, json.length)
  bytes.set(json, HEAD)
  bytes.set(tree, HEAD + json.length)
  return bytes
}

/** The record that `recordBytes` wrote. Throws where the bytes say anything else. */
export function recordOf(bytes: Uint8Array, path: string, text: string): FileRecord {
  const end = HEAD + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const json = Buffer.from(bytes.buffer, bytes.byteOffset + HEAD, end - HEAD).toString()
  const { record, facts, texts } = JSON.parse(json) as Head
  if (!facts) return { path, text, ...record, crashes: [] }
  const tree = unpackTree(bytes.subarray(end), [...facts.mentions, ...texts])
  return { path, text, facts: { path, tree, ...facts }, ...record, crashes: [] }
}

/** The length of the JSON stands before it. */
const HEAD = 4
