import type { Timings } from "./progress.ts"

/** How many of the slowest rules are shown. */
const SHOWN_RULES = 10

/** Where the time of a run went: a row for each step in the order of first use, the whole, and the slowest rules. */
export function timingsText({ steps, rules }: Timings): string[] {
  const whole = steps.reduce((sum, [, ms]) => sum + ms, 0)
  const slowest = rules.toSorted(([, a], [, b]) => b - a).slice(0, SHOWN_RULES)
  const width = Math.max(14, ...slowest.map(([rule]) => rule.length))
  const row = (name: string, ms: number) => {
    const share = whole === 0 ? 0 : (ms / whole) * 100
    return `${name.padEnd(width)} ${ms.toFixed(0).padStart(7)} ms ${share.toFixed(0).padStart(4)} %`
  }
  const rows = (timed: Timings["steps"]) => timed.map(([name, ms]) => row(name, ms))
  return [...rows(steps), row("total", whole), ...(slowest.length > 0 ? ["", "slowest rules", ...rows(slowest)] : [])]
}
