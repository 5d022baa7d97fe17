import type { FunctionValue, Player } from "#python"
import type { Fn, Router, Unseen, Versions } from "./project.ts"

/** What the parts of this room share while a project is linked. */
export interface Context {
  player: Player
  versions: Versions
  /** Everything that could not be understood so far. */
  unseen: Unseen[]
  /** The function behind a value; one object per definition and closure. */
  functionOf(value: FunctionValue): Fn
  auth?: AuthAnswers
  /** Every router and app built so far: a mounted app runs behind the middleware of those that mount it. */
  routers?: readonly Router[]
}

/** Answers that the project's configuration gives to questions about authentication (`[tool.fastlint.auth]`). */
export interface AuthAnswers {
  /** Dotted names of dependencies that authenticate. */
  dependencies: string[]
  /** Dotted names of dependencies that do not. */
  notAuth: string[]
  /** `METHOD /path` or dotted names of endpoints (`*` at the end) that are public on purpose. */
  public: string[]
}
