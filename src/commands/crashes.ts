import { type Checked, crashTitle, VERSION } from "#engine"

const FRAMES = 3

/** Our own bugs, told so that they can be reported: the rule, the error, where in our code. */
export function crashText(checked: Checked): string[] {
  return checked.projects.flatMap(({ analysis, shown }) =>
    analysis.crashes.flatMap((crash) => {
      const { error } = crash
      const [head, ...frames] = error instanceof Error ? (error.stack ?? error.message).split("\n") : [String(error)]
      return [
        `fastlint: ${crashTitle(crash, shown)}`,
        "  This is a bug in fastlint, not in your code.",
        `  ${head}`,
        ...frames.slice(0, FRAMES).map((frame) => `  ${frame.trimEnd()}`),
        `    fastlint ${VERSION}, node ${process.version}, ${process.platform} ${process.arch}`,
        "  Everything else was checked; its results are above. This run is incomplete.",
        `  Go on:    --ignore ${crash.rule}`,
      ]
    }),
  )
}
