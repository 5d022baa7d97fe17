/** A call that leads to something, told as a finding with the calls between: shared by the rules that ask for chains of names. */
import type { CallEvent, Fn, Project } from "#fastapi"
import type { Finding } from "./rule.ts"
import { list, quote, routeNames } from "./words.ts"

/** The calls from a function down to the one that matters, its own first. */
export type Chained = { in: Fn; event: CallEvent }[]

/** @param says  what is wrong, given the route or function it concerns: "`asyncio.run` cannot start a loop inside that of ..." */
export function chainFinding({ reach }: Project, calls: Chained, sink: string, says: (where: string) => string): Finding {
  const [first, ...between] = calls as [Chained[number], ...Chained]
  const { in: fn, event } = first
  const routes = reach.routesTo(fn)
  const through = between.length > 0 ? `, through ${list(between.map((call) => quote(call.in.name)))}` : ""
  return {
    at: event.at,
    message: `${says(routeNames(routes) ?? quote(fn.name))}${through}`,
    ...(between.length > 0 && {
      trace: calls.map((call, i) => ({
        at: call.event.at,
        message: `calls ${quote(calls[i + 1]?.in.name ?? sink)}`,
        symbol: call.in.name,
      })),
    }),
    routes,
    scope: fn.id,
    discriminator: sink,
  }
}
