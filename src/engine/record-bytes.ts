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
 * A record whose tree is read from bytes (`#python`'s `packTree`), so that the one that was parsed can go; and the whole
 * as bytes, without its path and text, which whoever reads it knows. Undefined where something broke while the record was
 * made: that is told anew on every run, from where it happens.
 */
export interface Packed {
  record: FileRecord
  bytes(): Uint8Array | undefined
}

export function packed(whole: FileRecord): Packed {
  const { path: _, text: __, facts, crashes, ...record } = whole
  const texts = [...(facts?.mentions ?? [])]
  const tree = facts ? packTree(facts.tree, texts) : new Uint8Array()
  const kept = facts ? { ...whole, facts: { ...facts, tree: unpackTree(tree, texts) } } : whole
  return { record: kept, bytes: () => (crashes.length > 0 ? undefined : together(headOf(record, kept.facts, texts), tree)) }
}

function headOf(record: Head["record"], facts: ModuleFacts | undefined, texts: string[]): Head {
  if (!facts) return { record, texts: [] }
  const { path: _, tree: __, ...rest } = facts
  return { record, facts: rest, texts: texts.slice(facts.mentions.length) }
}

function together(head: Head, tree: Uint8Array): Uint8Array {
  const json = Buffer.from(JSON.stringify(head))
  const bytes = new Uint8Array(HEAD + json.length + tree.length)
  new DataView(bytes.buffer).setUint32(0, json.length)
  bytes.set(json, HEAD)
  bytes.set(tree, HEAD + json.length)
  return bytes
}

/** The record in these bytes. Throws where the bytes say anything else. */
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
