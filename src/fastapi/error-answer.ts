/** What a client is told by an HTTPException: its status, and its words as far as they are known. */
import { options, type Value } from "#python"
import { isHTTPError } from "./exceptions.ts"
import { statusOf } from "./responses.ts"

export interface ErrorAnswer {
  status: number
  /** The text of `detail`, with `{}` for what is not known; empty where there is none, or it is no text. */
  detail: string
  headers?: Value
}

/** The answer of an `HTTPException(...)` of FastAPI or Starlette that is built in sight; undefined for all else. */
export function errorAnswer(value: Value): ErrorAnswer | undefined {
  if (value.is !== "external" || !value.built || value.built.open || !isHTTPError(value)) return undefined
  const { positional, keywords } = value.built
  const given = positional[0] ?? keywords.get("status_code")
  const status = given && statusOf(given)
  if (status === undefined) return undefined
  const detail = positional[1] ?? keywords.get("detail")
  const headers = positional[2] ?? keywords.get("headers")
  return { status, detail: detail ? wordsOf(detail) : "", ...(headers && { headers }) }
}

/** All text that a value certainly holds: of one that may be several, of each; of a dict, of its values. */
function wordsOf(value: Value, depth = 0): string {
  if (depth > 3) return ""
  if (value.is === "text") return value.parts.map((part) => (typeof part === "string" ? part : "{}")).join("")
  if (value.is === "mapping") return value.entries.map(([, item]) => wordsOf(item, depth + 1)).join(" ")
  return value.is === "either"
    ? options(value)
        .map((option) => wordsOf(option, depth + 1))
        .join(" ")
    : ""
}
