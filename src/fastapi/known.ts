/** From played values to facts a rule may rely on. */
import { knownBoolean, knownNumber, knownText, type Value } from "#python"
import { type Known, known, unseen } from "./project.ts"

/** Text that is wholly known. Text that rests on a default which a deployment may override says so. */
export function textOf(value: Value | undefined, otherwise = ""): Known<string> {
  if (!value) return known(otherwise)
  const text = knownText(value)
  if (text !== undefined) return value.is === "text" && value.assumed ? { known: true, value: text, assumed: true } : known(text)
  if (value.is === "literal" && value.type === "NoneType") return known(otherwise)
  if (value.is === "either") {
    // `prefix=settings.X or ""`: several possibilities are not one.
    return unseen(`one of ${value.options.length} texts`)
  }
  return unseen(
    value.is === "unknown" ? (value.why ?? "not known") : value.is === "text" ? "partly known text" : `a value of ${describe(value)}`,
  )
}

export function flagOf(value: Value | undefined, otherwise: boolean): Known<boolean> {
  if (!value) return known(otherwise)
  const flag = knownBoolean(value)
  return flag === undefined ? unseen(`a value of ${describe(value)}`) : known(flag)
}

export function numberOf(value: Value | undefined): Known<number> {
  const number = knownNumber(value)
  return number === undefined ? unseen(value ? `a value of ${describe(value)}` : "not given") : known(number)
}

/** Paths and prefixes put end to end, as FastAPI does: nothing is inserted. */
export function concat(...parts: Known<string>[]): Known<string> {
  let text = ""
  let assumed = false
  for (const part of parts) {
    if (!part.known) return part
    text += part.value
    assumed ||= part.assumed ?? false
  }
  return assumed ? { known: true, value: text, assumed } : known(text)
}

/** How a value is called in "could not be understood" messages. */
export function describe(value: Value): string {
  switch (value.is) {
    case "external":
      return `\`${value.name}\``
    case "instance":
      return `\`${value.of.qualname}\``
    case "function":
    case "class":
      return `\`${value.qualname}\``
    default:
      return value.is
  }
}
