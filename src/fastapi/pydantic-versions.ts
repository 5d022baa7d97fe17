/** Does a file run on Pydantic 1 as well as on 2? Then it asks which it has, and what raises under one stands in a branch. */
import type { Expr, PyFile } from "#python"

const ASKS = /pydantic_?(v|version)?_?[12]|pydantic_version|is_pydantic/i

const known = new WeakMap<PyFile, boolean>()

export function supportsBothPydantics(file: PyFile): boolean {
  let answer = known.get(file)
  if (answer === undefined) {
    answer = asks(file)
    known.set(file, answer)
  }
  return answer
}

function asks(file: PyFile): boolean {
  if (!file.text.includes("pydantic")) return false
  if (ASKS.test(file.text.replaceAll("pydantic.v1", ""))) return true
  return file.text.includes("VERSION") && file.all("Attribute", "Name").some((node) => isVersion(file, node))
}

const isVersion = (file: PyFile, node: Expr): boolean => /^pydantic\.(?:version\.)?VERSION$/.test(file.qualified(node) ?? "")
