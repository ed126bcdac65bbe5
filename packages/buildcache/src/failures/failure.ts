// Converts anything thrown into the one error type, so that results and events can carry it.

import { type ErrorKind, SpackOciError } from "@spack-oci/errors";
import { limitOfNode } from "./limit-of-node.js";
import { systemMessage } from "./system-message.js";

const DISK_ERRORS: Record<string, string> = {
  ENOSPC: "The disk is full. Free some space and run the same command again.",
  EDQUOT: "The disk quota is used up. Free some space and run the same command again.",
  EACCES: "Check the owner and the permissions of the directory.",
  EPERM: "Check the owner and the permissions of the directory.",
  EROFS: "The file system is mounted read-only.",
  ENOTDIR: "Part of the path is a file. Choose another directory.",
  EMFILE: "Raise the limit of open files (ulimit -n), or run fewer jobs (-j).",
};

/**
 * The error itself if it is a `SpackOciError`; `ERR_INTERRUPTED` for an aborted task; `ERR_SYSTEM` for an error of the
 * operating system, `ERR_PATH` and `ERR_TOO_LARGE` for what Node rejects; else `ERR_UNEXPECTED`, because nothing else
 * should get here.
 *
 * @example
 * ```ts
 * import { asSpackOciError } from "@spack-oci/buildcache";
 *
 * console.log(asSpackOciError(new Error("surprise")).code); // ERR_UNEXPECTED
 * ```
 */
export function asSpackOciError(error: unknown): SpackOciError {
  if (error instanceof SpackOciError) return error;
  if (!(error instanceof Error)) return unexpected(String(error), error);
  if (error.name === "AbortError") {
    if (error.cause instanceof SpackOciError) return error.cause;
    return new SpackOciError("ERR_INTERRUPTED", "Interrupted.", { kind: "failed", cause: error });
  }
  const message = systemMessage(error);
  if (message === undefined) return limitOfNode(error) ?? unexpected(error.message, error);
  const { code, path } = error as NodeJS.ErrnoException;
  const hint = DISK_ERRORS[code ?? ""] ?? OTHER_SYSTEM_ERROR;
  return new SpackOciError("ERR_SYSTEM", message, { kind: "failed", place: path, hint, cause: error });
}

const OTHER_SYSTEM_ERROR =
  "The operating system rejected this. Check the file system, the network and the limits of the process.";

function unexpected(message: string, cause: unknown): SpackOciError {
  const words = message === "" ? "no message" : message;
  return new SpackOciError(
    "ERR_UNEXPECTED",
    `Something unexpected went wrong: ${words.replace(/\.?$/, ".")}`,
    {
      kind: "failed",
      cause,
      hint: "This is a bug in spack-oci. Report it with the command, the version (spack-oci --version), and what SPACK_OCI_DEBUG=1 adds.",
    },
  );
}

/** Errors that concern the buildcache, the network or credentials, rather than the requested content. */
const OUT_OF_REACH: readonly ErrorKind[] = ["unreachable", "rate-limited", "denied"];

/** Whether the content may well exist, and merely could not be read. */
export function isOutOfReach({ kind }: SpackOciError): boolean {
  return OUT_OF_REACH.includes(kind);
}

/** A step that failed after others had succeeded, as data, so that their results are not lost. */
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
