/** The door of the room that knows FastAPI, Starlette, Pydantic and SQLAlchemy, and nothing of rules. */

export {
  brokenPattern,
  type Danger,
  foreignHTTPExceptions,
  isCoroutine,
  isGoneFromPydantic,
  isHTTPException,
  isPlaceholder,
  isResponse,
  isSubclass,
  issuedKey,
  looksChosen,
  looksRandom,
  type Misfit,
  mayBeNone,
  misfit,
  passwordInUrl,
  publicWord,
  remembered,
  responseClass,
  type SecretKind,
  SHORTEST_KEY,
  SIGNATURES_UNTIL,
  SIGNERS,
  type Signature,
  type Sink,
  type SqlSink,
  secretKind,
  signatureOf,
  signer,
  sqlSink,
  statusOf,
  tokenReader,
  tokenWriter,
  unsupportedInRust,
  waits,
} from "#knowledge"
export { type DeadAnswer, spelledOut } from "./auth/answers.ts"
export { type Execution, executionOf } from "./auth/execution.ts"
export { guardCallsOf } from "./auth/guard-calls.ts"
export { type Answer, byWeight, publicQuestions, type Question } from "./auth/questions.ts"
export { permissionsIn, type Rights, rightsOf } from "./auth/rights.ts"
export { isSameCallable } from "./dependencies.ts"
export { type AppDescription, describeApp, type RouteDescription } from "./describe/app.ts"
export { type ErrorAnswer, errorAnswer } from "./error-answer.ts"
export { catchesHTTPError, type Escape, endsAt, exceptionClass, HTTPErrors, isHTTPError, isKindOf } from "./exceptions.ts"
export { typeOnlyName } from "./forward.ts"
export { handedText } from "./handed.ts"
export { type Hidden, hiddenRoutes } from "./hidden.ts"
export { type LinkInput, link } from "./link.ts"
export { type Mark, passed, playedWith, type Traced, traced } from "./marks.ts"
export { type Relationship, relationshipsOf, uniqueColumnsOf } from "./orm.ts"
export * from "./paths.ts"
export * from "./project.ts"
export { supportsBothPydantics } from "./pydantic-versions.ts"
export { type RequestFlow, requestFlows } from "./request/flows.ts"
export { type WeakCheck, weakPathChecks } from "./request/path-checks.ts"
export { remoteOrigin } from "./request/remote.ts"
export type { Source } from "./request/source.ts"
export { statusOf as statusIn } from "./responses.ts"
export { routingOf as routerOf } from "./routers.ts"
export { isScheme, isSchemeClass } from "./schemes.ts"
export { type Declaration, declarations, isAsWritten, isGuarded, markerName } from "./signature/declarations.ts"
export { type UnfitType, unfitPart } from "./signature/field-types.ts"
export { ancestryOf, isEnum, isModel, isResponse as isResponseClass, isScalar, isSpecial } from "./signature/kinds.ts"
export { annotated, isDepends, isField, type Marker, placeOf } from "./signature/markers.ts"
export { isFieldCall, type ModelField, modelFields } from "./signature/models.ts"
export { isQueryable } from "./signature/query-types.ts"
export { type Shown, shownFields } from "./signature/reachable.ts"
export { bare, genericName, members, typeOf } from "./signature/types.ts"
export { needsTag } from "./tag-use.ts"
export { mayAsk, requestsTo, testedBy } from "./testing/tested.ts"
export { unreadParameters } from "./use.ts"
export { hasPydantic2, hasStarlette1, mayBeAtLeast } from "./versions.ts"
export { type Way, waysTo } from "./ways.ts"
