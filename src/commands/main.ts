import { CommanderError } from "commander"
import { CannotWrite, whyNot } from "./cannot-write.ts"
import { program } from "./program.ts"

/** Could not start: a bad flag, bad configuration, nothing to check. */
const CANNOT_START = 2
/** Started and broke. */
const BROKE = 3

/** Runs one command line. Sets `process.exitCode` and lets output drain, since an early `exit` cuts off pipes. */
export async function main(argv: readonly string[]): Promise<void> {
  surviveClosedPipes()
  try {
    await program().parseAsync(argv, { from: "user" })
  } catch (error) {
    process.exitCode = await explain(error)
  }
}

/** What is needed only here is loaded only here: most runs begin well. */
async function explain(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : CANNOT_START
  const [{ CannotStart }, { disarmed }] = await Promise.all([import("#engine"), import("#report")])
  if (error instanceof CannotStart) {
    const [{ lookOf }, { cannotStartText }] = await Promise.all([import("./look.ts"), import("./problems.ts")])
    process.stderr.write(cannotStartText(error.problems, lookOf(process.stderr)))
    return CANNOT_START
  }
  if (error instanceof CannotWrite) {
    process.stderr.write(disarmed(`error: ${error.message}\n`))
    return BROKE
  }
  const { brokenText } = await import("./crashes.ts")
  process.stderr.write(
    disarmed(
      brokenText(error)
        .map((line) => `${line}\n`)
        .join(""),
    ),
  )
  return BROKE
}

/** `fastlint check | head` closes our output early. That is no error: end as we would have ended. */
function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return
      // Nobody will read the result, so nobody may believe that it was a good one.
      if (stream === process.stdout) process.stderr.write(`error: cannot write to stdout: ${whyNot(error)}\n`)
      process.exitCode = BROKE
    })
  }
}
