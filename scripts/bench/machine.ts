/** Running one command and reading off what it took. */
import { spawnSync } from "node:child_process"
import { cpus, totalmem } from "node:os"
import { resolve } from "node:path"

export interface Taken {
  seconds: number
  megabytes: number
  exit: number
  errors: string
}

/** What this is measured on, without names of hosts or people. */
export const machine = (): string =>
  `${cpus()[0]?.model ?? process.arch}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.version}`

/** Runs a command to its end, or to the limit. */
export function measure(command: readonly string[], folder: string, limit: number): Taken {
  const script = resolve("scripts/bench/measure.py")
  const { stdout, stderr } = spawnSync("python3", [script, `${limit}`, folder, ...command], { maxBuffer: 2 ** 26 })
  if (stdout.length === 0) throw new Error(`${command[0]}: ${stderr}`)
  return JSON.parse(stdout.toString()) as Taken
}

/** The one in the middle, by time. */
export const median = (runs: readonly Taken[]): Taken => runs.toSorted((a, b) => a.seconds - b.seconds)[runs.length >> 1] as Taken

/** Runs as often as a short run deserves. Between runs `prepare` puts things back. */
export function measured(command: readonly string[], folder: string, limit: number, prepare: () => void = () => undefined): Taken {
  const runs: Taken[] = []
  const wanted = () => ((runs[0]?.seconds ?? 0) > 20 ? 1 : (runs[0]?.seconds ?? 0) > 5 ? 3 : 5)
  do {
    prepare()
    runs.push(measure(command, folder, limit))
  } while (runs.length < wanted())
  return median(runs)
}
