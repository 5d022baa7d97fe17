/** Longer than this, and a person at a terminal wants to know that something happens. */
const PATIENCE_MS = 500

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
  const close = () => {
    if (current) spent.set(current.name, (spent.get(current.name) ?? 0) + performance.now() - current.since)
    current = undefined
  }
  return {
    step(name) {
      close()
      current = { name, since: performance.now() }
      if (!stream.isTTY || performance.now() - begun < PATIENCE_MS) return
      stream.write(`\r\u001b[Kfastlint: ${name} …`)
      isShown = true
    },
    done() {
      close()
      if (isShown) stream.write("\r\u001b[K")
      isShown = false
    },
    timings: () => [...spent],
  }
}
