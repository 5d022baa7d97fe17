import picomatch from "picomatch"
import { nearest } from "#lint"
import type { RouteRow } from "#report"
import { misuse } from "./problems.ts"

type Test = (row: Pick<RouteRow, "method" | "path" | "auth" | "tests">) => boolean

/** One of a few words; `none` and `no` are the same. */
const choice = (value: string, key: string, words: Record<string, string>): string => {
  const found = words[value]
  if (found !== undefined) return found
  throw misuse(`--filter ${key} is ${Object.keys(words).join(", ")}; got \`${value}\``)
}

const KEYS: Record<string, (value: string) => Test> = {
  auth: (value) => {
    const answer = choice(value, "auth", { none: "no", yes: "yes", unknown: "unknown", no: "no" })
    return (row) => row.auth.answer === answer
  },
  method: (value) => (row) => row.method === value.toUpperCase(),
  // `/users` means what stands below it, too; a pattern means what it matches.
  path: (value) => {
    if (!/[*?]/.test(value)) return (row) => row.path === value || row.path.startsWith(`${value.replace(/\/$/, "")}/`)
    const matches = picomatch(value, { nobrace: true, nobracket: true, noextglob: true })
    return (row) => matches(row.path)
  },
  tested: (value) => {
    const answer = choice(value, "tested", { yes: "yes", no: "no", unknown: "unknown" })
    return ({ tests }) => (tests === undefined ? "unknown" : tests > 0 ? "yes" : "no") === answer
  },
}

/** `--filter auth=none --filter method=GET`: a route is shown if it fits all. */
export function routeFilter(given: readonly string[]): Test {
  const tests = given.map((one) => {
    const [, key = "", value = ""] = /^([\w-]+)=(.+)$/.exec(one) ?? []
    const test = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined
    if (test) return test(value)
    const near = key && nearest(key, Object.keys(KEYS))
    throw misuse(
      `--filter wants KEY=VALUE, and got \`${one}\``,
      near ? `did you mean \`${near}=${value}\`?` : `keys: ${Object.keys(KEYS).join(", ")}`,
    )
  })
  return (row) => tests.every((test) => test(row))
}
