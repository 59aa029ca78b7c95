/** Why nothing was written; closed list. */
export type WriteErrorCode =
  | "exists"
  | "not-found"
  | "not-a-file"
  | "several-names"
  | "owner"
  | "changed-meanwhile"
  | "no-space"
  | "permission-denied"
  | "failed";

/** A file that was not written; what was there before is there still. */
export interface WriteError {
  readonly code: WriteErrorCode;
  readonly message: string;
}

/** Carries a WriteError out of nested work. */
export class WriteFault extends Error {
  readonly code: WriteErrorCode;

  constructor(code: WriteErrorCode, message: string) {
    super(message);
    this.name = "WriteFault";
    this.code = code;
  }
}

/** The code of a failed system call, e.g. `ENOSPC`. */
export function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "UNKNOWN";
}

/** A failure of writing `path` as data. */
export function writeError(error: unknown, path: string): WriteError {
  if (error instanceof WriteFault)
    return {
      code: error.code,
      message: error.message.startsWith(path) ? error.message : `${path}: ${error.message}`,
    };
  const code = systemCode(error);
  const at = (kind: WriteErrorCode, words: string): WriteError => ({
    code: kind,
    message: `${path}: ${words}`,
  });
  switch (code) {
    case "EEXIST":
      return at("exists", "There is a file already; name another, or replace it with --force");
    case "ENOENT":
    case "ENOTDIR":
      return at("not-found", "The folder for this file does not exist");
    case "EISDIR":
      return at("not-a-file", "This is a directory; the name of a file was expected");
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return at("no-space", `There is no room to write the file (${code}); nothing was changed`);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return at("permission-denied", `No permission to write here (${code}); nothing was changed`);
    default:
      return at("failed", `The file cannot be written (${code}); nothing was changed`);
  }
}
