/** Longer than this, and a person at a terminal wants to know that something happens. */
const PATIENCE_MS = 500

/** The line does not change more often than this. */
const BLINK_MS = 100

export interface Timings {
  /** How long each step took, in the order of first use. */
  steps: [step: string, milliseconds: number][]
  /** How long each rule took, over all files. What several rules ask for is counted for the first that asks. */
  rules: [rule: string, milliseconds: number][]
}

export interface Progress {
  step(name: string, rule?: string): void
  /** Wipes what was shown. */
  done(): void
  timings(): Timings
}

/** Tells on a terminal what is being done, in one line that is gone at the end; and keeps the time. */
export function progress(stream: NodeJS.WriteStream): Progress {
  const begun = performance.now()
  const spent = new Map<string, number>()
  const spentByRule = new Map<string, number>()
  let current: { name: string; rule: string | undefined; since: number } | undefined
  let isShown = false
  let shownAt = 0
  const close = () => {
    if (!current) return
    const { name, rule, since } = current
    const elapsed = performance.now() - since
    spent.set(name, (spent.get(name) ?? 0) + elapsed)
    if (rule !== undefined) spentByRule.set(rule, (spentByRule.get(rule) ?? 0) + elapsed)
    current = undefined
  }
  return {
    step(name, rule) {
      if (current?.name !== name || current.rule !== rule) {
        close()
        current = { name, rule, since: performance.now() }
      }
      if (!stream.isTTY) return
      const now = performance.now()
      // Every file goes through several steps: nobody can read them as fast as they come.
      if (now - begun < PATIENCE_MS || now - shownAt < BLINK_MS) return
      stream.write(`\r\u001b[Kfastlint: ${name} …`)
      isShown = true
      shownAt = now
    },
    done() {
      close()
      if (isShown) stream.write("\r\u001b[K")
      isShown = false
    },
    timings: () => ({ steps: [...spent], rules: [...spentByRule] }),
  }
}
