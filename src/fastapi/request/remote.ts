/** Text that came over the network, where a call is given it. */
import { type Danger, isRemoteText } from "#knowledge"
import type { External, Value } from "#python"
import { isSent, piecesOf } from "./pieces.ts"
import type { Source } from "./source.ts"

/** What was asked over the network for a value, by its qualified name: `httpx.get`. Undefined where it is not such text. */
export function remoteOrigin(value: Value, danger: Danger): string | undefined {
  const asked = new Map<Source, string>()
  const sourceOf = (one: Value): Source | undefined => {
    if (one.is !== "external" || !isRemoteText(one.name)) return undefined
    const source: Source = { name: one.name, in: "request", isSegment: false, isContent: false }
    asked.set(source, asker(one))
    return source
  }
  for (const way of piecesOf(value, danger, sourceOf)) for (const piece of way) if (isSent(piece)) return asked.get(piece.source)
  return undefined
}

/** `boto3.client().invoke_endpoint()[].read()` -> `boto3.client().invoke_endpoint`: the last call but those that read its answer. */
const asker = ({ name }: External): string =>
  name.replace(
    /(\(\))?(\[\]|\.(read|json|decode|strip|lstrip|rstrip|replace|removeprefix|removesuffix|split|encode)\(\)|\.(text|content|body|data|output_text|choices)\b.*)+$/,
    "",
  )
