// Turns whatever was thrown into the one error type, so that results and events can carry it.

import { SpackOciError } from "@spack-oci/errors";

const DISK_ERRORS: Record<string, string> = {
  ENOSPC: "The disk is full; make room and run the same command again.",
  EDQUOT: "The disk quota is used up; make room and run the same command again.",
  EACCES: "Check who owns the directory, and its permissions.",
  EPERM: "Check who owns the directory, and its permissions.",
  EROFS: "The file system is mounted read-only.",
  EMFILE: "Raise the limit of open files (ulimit -n), or run fewer jobs (-j).",
};

/** The error itself where it is one of ours; else `ERR_SYSTEM` with the operating system's words and a hint. */
export function asSpackOciError(error: unknown): SpackOciError {
  if (error instanceof SpackOciError) return error;
  const { code, path, message } = error as NodeJS.ErrnoException;
  return new SpackOciError("ERR_SYSTEM", message ?? String(error), {
    kind: "failed",
    place: path,
    hint: DISK_ERRORS[code ?? ""],
    cause: error,
  });
}
