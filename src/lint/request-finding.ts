/** A flow from a request to a sink, told as a finding: shared by the rules that ask for flows. */
import type { RequestFlow } from "#fastapi"
import type { Finding, Step } from "./rule.ts"
import { list, quote, routeNames, shortName } from "./words.ts"

/** @param says  what the client does with its value, with `{callee}` for what is called: "chooses the file that {callee} opens" */
export function requestFinding(
  { at, sink: { danger }, callee, source, routes, steps, taken, made, also }: RequestFlow,
  says: string,
): Finding {
  const sink = quote(shortName(callee))
  const what = / /.test(source.name) ? source.name : quote(source.name)
  const through = [...new Set(steps.slice(1).map(({ fn }) => quote(fn.name)))]
  const done = says.replace("{callee}", sink)
  const trace: Step[] = steps.map((step, i) => {
    const next = steps[i + 1]
    return {
      at: step.at,
      message: next ? `calls ${quote(next.fn.name)} with ${what}` : `${what} ${done}`,
      symbol: step.fn.name,
    }
  })
  const [entry] = steps
  if (taken && entry && taken.start !== entry.at.start)
    trace.unshift({ at: taken, message: `takes ${what} from the request`, symbol: entry.fn.name })
  if (made) trace.splice(-1, 0, { at: made, message: danger === "path" ? `makes a path with ${what}` : `writes ${what} into the text` })
  return {
    at,
    ...(also.length > 0 && { related: also.map((one) => ({ at: one.at, message: `${quote(shortName(one.callee))} gets it too` })) }),
    // All that a single segment can say is `..`.
    ...(source.isSegment && { level: "warning" as const }),
    message: `${what} of ${routeNames(routes) ?? "a request"} ${done}${through.length > 0 ? `, through ${list(through)}` : ""}`,
    trace,
    routes,
    scope: steps.at(-1)?.fn.id ?? "",
    discriminator: source.name,
  }
}
