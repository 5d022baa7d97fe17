/** Where the time of a run went: a row for each step in the order of first use, and the whole. */
export function timingsText(timings: readonly (readonly [step: string, milliseconds: number])[]): string[] {
  const whole = timings.reduce((sum, [, ms]) => sum + ms, 0)
  const row = (step: string, ms: number) => {
    const share = whole === 0 ? 0 : (ms / whole) * 100
    return `${step.padEnd(14)} ${ms.toFixed(0).padStart(7)} ms ${share.toFixed(0).padStart(4)} %`
  }
  return [...timings.map(([step, ms]) => row(step, ms)), row("total", whole)]
}
