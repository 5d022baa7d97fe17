/** What a blocking call waits for. */
export type Kind =
  | "sleep"
  | "input"
  | "http"
  | "socket"
  | "mail"
  | "subprocess"
  | "ssh"
  | "database"
  | "cache"
  | "cloud"
  | "ai"
  | "service"
  | "search"
  | "queue"
  | "wait"
  | "loop"
  | "file"
  | "archive"
  | "cpu"

/** An argument, by keyword and where there is one by position, and the value that makes the call return at once. */
export interface Unless {
  keyword: string
  position?: number
  is: boolean
}

/** Calls of one kind with one asynchronous replacement. */
export interface Group {
  kind: Kind
  /** What to write instead, in one line. */
  instead: string
  /** False for calls that are cheap as a rule, so that nobody is accused of them by default. */
  certain?: false
  /** An argument that makes the call return at once: `queue.get(block=False)`. */
  unless?: Unless
  /** Where it is documented that these calls wait. */
  source: string
  /** Qualified names as patterns, see `table.ts`. */
  names: string[]
}

/** For what has no asynchronous twin. */
export const THREAD = "await asyncio.to_thread(...)"
