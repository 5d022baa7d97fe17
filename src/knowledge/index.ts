/** The door of the room that knows libraries. It holds data and look-ups, and imports nothing. */
export { isCoroutine } from "./awaitables.ts"
export { baseOf, lineage } from "./bases.ts"
export { type Blocking, blocking, blockingGroups, type Kind as BlockingKind, type Unless, waits } from "./blocking.ts"
export { usesDatabase } from "./databases.ts"
export { catches, exceptionBases, foreignHTTPExceptions, isHTTPException, isSubclass } from "./exceptions.ts"
export { clientWrites, type Flow, flowOf } from "./flows.ts"
export {
  bodyMethods,
  hasBody,
  idempotentMethods,
  isResponse,
  type ResponseClass,
  reasonOf,
  responseClass,
  safeMethods,
  statusOf,
  verbs,
} from "./http.ts"
export { canonical } from "./names.ts"
export { isTaskDecorator, type Offload, offload, sendsTask } from "./offloads.ts"
export { isPublicByName, publicWord } from "./openings.ts"
export { mayBeNone } from "./optional.ts"
export { brokenPattern, unsupportedInRust } from "./patterns.ts"
export { isGoneFromPydantic } from "./pydantic.ts"
export { remembered } from "./remembered.ts"
export { isRemoteText } from "./remote.ts"
export { itemOf, resultOf, settle } from "./results.ts"
export { isPlaceholder, looksChosen, looksRandom, type SecretKind, secretKind } from "./secret-words.ts"
export { type Issued, issuedKey, type PasswordInUrl, passwordInUrl, SHORTEST_KEY } from "./secrets.ts"
export {
  guardDecorators,
  guardMiddleware,
  guardOf,
  type SchemeKind,
  schemeKind,
  type TokenReader,
  tokenReader,
  tokenWriter,
  tokenWriters,
} from "./security.ts"
export { type Misfit, misfit, SIGNATURES_UNTIL, type Signature, signatureOf } from "./signatures.ts"
export { SIGNERS, type Signer, signer } from "./signers.ts"
export { type Danger, type Sink, sinksOf } from "./sinks.ts"
export { type SqlSink, sqlSink } from "./sql.ts"
export { type Gate, type GateName, gates, hasChange } from "./versions.ts"
