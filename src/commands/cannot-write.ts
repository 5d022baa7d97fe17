/** The run came to its end, and nobody got its result: a full disk, a path that takes no files. */
export class CannotWrite extends Error {
  constructor(path: string, cause: unknown) {
    super(`cannot write ${path}: ${whyNot(cause)}`)
  }
}

const WORDS: Record<string, string> = {
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "a part of the path is a file",
}

/** What the operating system said, in words. */
export function whyNot(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  return (code && WORDS[code]) || (error instanceof Error ? error.message : String(error))
}
