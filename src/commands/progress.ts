/** Longer than this, and a person at a terminal wants to know that something happens. */
const PATIENCE_MS = 500

/** The line does not change more often than this. */
const BLINK_MS = 100

export interface Progress {
  step(name: string): void
  /** Wipes what was shown. */
  done(): void
  /** How long each step took, in the order of first use. */
  timings(): [step: string, milliseconds: number][]
}

/** Tells on a terminal what is being done, in one line that is gone at the end; and keeps the time. */
export function progress(stream: NodeJS.WriteStream): Progress {
  const begun = performance.now()
  const spent = new Map<string, number>()
  let current: { name: string; since: number } | undefined
  let isShown = false
  let shownAt = 0
  const close = () => {
    if (current) spent.set(current.name, (spent.get(current.name) ?? 0) + performance.now() - current.since)
    current = undefined
  }
  return {
    step(name) {
      close()
      const now = performance.now()
      current = { name, since: now }
      // Every file goes through several steps: nobody can read them as fast as they come.
      if (!stream.isTTY || now - begun < PATIENCE_MS || now - shownAt < BLINK_MS) return
      stream.write(`\r\u001b[Kfastlint: ${name} …`)
      isShown = true
      shownAt = now
    },
    done() {
      close()
      if (isShown) stream.write("\r\u001b[K")
      isShown = false
    },
    timings: () => [...spent],
  }
}
