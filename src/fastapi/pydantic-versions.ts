/** Does a file run on Pydantic 1 as well as on 2? Then it asks which it has, and what raises under one stands in a branch. */
import type { Node, PyFile } from "#python"

const ASKS = /pydantic_?(v|version)?_?[12]|pydantic_version|is_pydantic/i

export function supportsBothPydantics(file: PyFile): boolean {
  if (!file.text.includes("pydantic")) return false
  if (ASKS.test(file.text.replaceAll("pydantic.v1", ""))) return true
  for (const node of file.walk()) if (isVersion(file, node)) return true
  return false
}

const isVersion = (file: PyFile, node: Node): boolean =>
  (node.kind === "Attribute" || node.kind === "Name") && /^pydantic\.(?:version\.)?VERSION$/.test(file.qualified(node) ?? "")
