import { satisfies, valid } from "@renovatebot/pep440"
import type { Layer } from "./config-layer.ts"
import { EDITIONS } from "./editions.ts"
import type { Problem } from "./problem.ts"
import { VERSION } from "./version.ts"

/** `required-version` must hold for the running version. */
export function* checkRequiredVersion(layer: Layer): Generator<Problem> {
  const wanted = layer.config["required-version"]
  if (wanted === undefined) return
  if (isRequiredVersion(wanted)) return
  const at = layer.locate(["required-version"], "value")
  yield {
    severity: "error",
    message: `this project requires fastlint ${wanted}, and this is ${VERSION}`,
    ...(at ? { at } : {}),
    notes: [["help", `npm install --save-dev "fastlint@${wanted}", or fastlint config upgrade`]],
  }
}

/** Is a version in a range, as Python writes them? A bare version means that one. */
export function isRequiredVersion(wanted: string, version: string = VERSION): boolean {
  try {
    return satisfies(version, valid(wanted) ? `==${wanted}` : wanted, { prereleases: true } as never)
  } catch {
    return false
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
