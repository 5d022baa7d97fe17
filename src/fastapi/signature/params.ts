/** The parameters of a route's endpoint, and the dependencies that they ask for. */

import type { Context } from "../context.ts"
import { askedBy, viewDependency, within } from "../dependencies.ts"
import type { Dependency, OwnRoute, Param } from "../project.ts"
import { viewOf } from "./class-views.ts"
import { classify, pathNames as namesIn, type PathNames, placed } from "./classify.ts"
import { type Declared, signatureOf } from "./signature.ts"

export { type PathNames, pathNames } from "./classify.ts"

/**
 * What the endpoint itself declares. Parameters filled by `Depends` are among `params` as `in: "dependency"`.
 * @param path  the names in the path under which it is served; names in the route's own path count in any case
 */
export function solveEndpoint(
  ctx: Context,
  own: OwnRoute,
  path: PathNames,
): { params: Param[]; declared: Declared[]; dependencies: Dependency[]; isComplete: boolean } {
  if (own.kind !== "api" && own.kind !== "websocket") return { params: [], declared: [], dependencies: [], isComplete: true }
  const signature = signatureOf(ctx, own.endpointValue, own.endpoint, own.at)
  const declared = signature ?? []
  const classified = declared.map((one) => classify(ctx, one))
  const all: PathNames = path.isComplete ? path : Object.assign(new Set([...path, ...namesIn(own.path)]), { isComplete: false })
  const view = own.endpoint && viewOf(ctx, own.endpointValue)
  const asked = askedBy(ctx, classified, own.endpoint)
  if (view && own.endpoint) asked.unshift(viewDependency(ctx, view, own.endpoint))
  return {
    params: classified.map(({ param }) => placed(param, all)),
    declared,
    dependencies: asked.map((dependency) => within(dependency, all)),
    isComplete: signature !== undefined,
  }
}
