/** The door of the room that knows rules, and nothing of how they are shown. */
export * from "./add-ignore.ts"
export * from "./edit.ts"
export * from "./examples.ts"
export * from "./fingerprint.ts"
export * from "./housekeeping.ts"
export * from "./ignore.ts"
export * from "./judge.ts"
export * from "./known.ts"
export * from "./option.ts"
export {
  CONCERNS,
  type Concern,
  type Edit,
  type Example,
  type FileNotes,
  type Finding,
  type Fix,
  LEVELS,
  type Level,
  type Note,
  type Notes,
  type Rule,
  type RuleBody,
  type RuleSpec,
  type Step,
  type Verdict,
} from "./rule.ts"
export * from "./sections.ts"
export * from "./selectors.ts"
export * from "./suppress.ts"
export * from "./uses.ts"
export * from "./whereabouts.ts"
export * from "./words.ts"
