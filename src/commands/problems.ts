import { CannotStart, type Problem } from "#engine"
import { Lines } from "#python"
import { type Look, problemText, type Problem as Shown } from "#report"

/** What kept fastlint from starting, as text for stderr, ending in what that means for the run. */
export function cannotStartText(problems: readonly Problem[], look: Look): string {
  const configured = problems.filter((problem) => problem.at).length
  const closing = configured > 0 ? `${configured} configuration ${configured === 1 ? "error" : "errors"}, nothing was checked` : undefined
  return problemText(problems.map(shownProblem), look, closing)
}

function shownProblem({ severity, message, at, label, notes }: Problem): Shown {
  const lines = at && new Lines(at.text)
  return {
    level: severity,
    message,
    ...(at && lines
      ? {
          at: {
            path: at.path,
            range: { start: lines.position(at.start), end: lines.position(at.end) },
            source: at.text,
            ...(label === undefined ? {} : { label }),
          },
        }
      : {}),
    ...(notes ? { notes: notes.map(([name, text]) => ({ name, text })) } : {}),
  }
}

/** One plain mistake in how fastlint was called. */
export const misuse = (message: string, help?: string): CannotStart =>
  new CannotStart([{ severity: "error", message, ...(help === undefined ? {} : { notes: [["help", help]] as [string, string][] }) }])
