// Turns whatever was thrown into the one error type, so that results and events can carry it.

import { type ErrorKind, SpackOciError } from "@spack-oci/errors";

const DISK_ERRORS: Record<string, string> = {
  ENOSPC: "The disk is full; make room and run the same command again.",
  EDQUOT: "The disk quota is used up; make room and run the same command again.",
  EACCES: "Check who owns the directory, and its permissions.",
  EPERM: "Check who owns the directory, and its permissions.",
  EROFS: "The file system is mounted read-only.",
  ENOTDIR: "Something on the way there is a file; name another directory.",
  EMFILE: "Raise the limit of open files (ulimit -n), or run fewer jobs (-j).",
};

/**
 * The error itself where it is one of ours; `ERR_INTERRUPTED` for an aborted task; else `ERR_SYSTEM` with the operating
 * system's words and a hint.
 */
export function asSpackOciError(error: unknown): SpackOciError {
  if (error instanceof SpackOciError) return error;
  if (!(error instanceof Error)) return systemError(String(error), { cause: error });
  if (error.name === "AbortError") {
    if (error.cause instanceof SpackOciError) return error.cause;
    return new SpackOciError("ERR_INTERRUPTED", "Interrupted.", { kind: "failed", cause: error });
  }
  const { code, path } = error as NodeJS.ErrnoException;
  return systemError(error.message, { place: path, hint: DISK_ERRORS[code ?? ""], cause: error });
}

function systemError(
  message: string,
  details: { place?: string | undefined; hint?: string | undefined; cause: unknown },
) {
  return new SpackOciError("ERR_SYSTEM", message, { kind: "failed", ...details });
}

/** Errors about the buildcache, its network or its credentials rather than about what was asked for. */
const OUT_OF_REACH: readonly ErrorKind[] = ["unreachable", "rate-limited", "denied"];

/** Whether something may well exist, and merely could not be read. */
export function isOutOfReach({ kind }: SpackOciError): boolean {
  return OUT_OF_REACH.includes(kind);
}

/** A step that failed after others had succeeded; their results must not be lost over it. */
export interface Failed {
  readonly outcome: "failed";
  readonly error: SpackOciError;
}

/** The result of a task, or its failure as data; an aborted task throws. */
export async function orFailed<T>(
  task: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | Failed> {
  try {
    return await task();
  } catch (error) {
    signal?.throwIfAborted();
    return { outcome: "failed", error: asSpackOciError(error) };
  }
}
