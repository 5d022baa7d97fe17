import { satisfies, valid } from "@renovatebot/pep440"
import type { Layer } from "./config-layer.ts"
import type { Problem } from "./problem.ts"
import { VERSION } from "./version.ts"

/** Sets of rules and defaults that may be pinned. */
export const EDITIONS = ["2026", "2027"]

/** `required-version` must hold for the running version. */
export function* checkRequiredVersion(layer: Layer): Generator<Problem> {
  const wanted = layer.config["required-version"]
  if (wanted === undefined) return
  const range = valid(wanted) ? `==${wanted}` : wanted
  let holds: boolean | undefined
  try {
    holds = satisfies(VERSION, range, { prereleases: true } as never)
  } catch {
    holds = undefined
  }
  if (holds) return
  const at = layer.locate(["required-version"], "value")
  yield {
    severity: "error",
    message: `this project requires fastlint ${wanted}, and this is ${VERSION}`,
    ...(at ? { at } : {}),
    notes: [["help", `npm install --save-dev "fastlint@${wanted}"`]],
  }
}

/** `edition` must be one that this version knows. */
export function* checkEdition(layer: Layer): Generator<Problem> {
  const { edition } = layer.config
  if (edition === undefined || EDITIONS.includes(edition)) return
  const at = layer.locate(["edition"], "value")
  const known = `this version knows ${EDITIONS.join(", ")}`
  yield {
    severity: "error",
    message: `unknown edition "${edition}"`,
    ...(at ? { at, label: known } : { notes: [["help", known]] }),
  }
}
