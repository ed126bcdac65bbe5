// The one error type of spack-oci: every failure reports what, where, why, and what to do about it.

import { hideUserinfo, looksLikeToken } from "./hide-secrets.js";

export { isDenial, isMissing, isSystemError, reasonOf } from "./reason.js";
export { similarWord, suggestion } from "./similar-word.js";
export { hideUserinfo, looksLikeToken };

/**
 * The kind of an error, which decides the exit status of the command.
 *
 * - `usage`: the request makes no sense
 * - `not-found`: a package, tag, blob, repository or file does not exist
 * - `denied`: credentials or permissions are missing, wrong or insufficient
 * - `rate-limited`: the server asks to slow down
 * - `unreachable`: there is no answer, or no usable one
 * - `untrusted`: a signature that is required is missing or invalid
 * - `corrupt`: bytes do not match their digest, size or format
 * - `unsupported`: the request is understood, but not possible here
 * - `conflict`: something else is in the way (an existing prefix, a held lock)
 * - `failed`: everything else
 */
export type ErrorKind =
  | "usage"
  | "not-found"
  | "denied"
  | "rate-limited"
  | "unreachable"
  | "untrusted"
  | "corrupt"
  | "unsupported"
  | "conflict"
  | "failed";

/** The details of an error besides its message. */
export interface ErrorDetails {
  readonly kind: ErrorKind;
  /** Where it happened: a host, `repository:tag`, a digest, a file, a package. */
  readonly place?: string | undefined;
  /** What the reader can do about it, as a full sentence in the imperative. */
  readonly hint?: string | undefined;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * A failure with a stable code (`ERR_...`), its place, its cause and a hint. None of these shows the user name or
 * password of a URL.
 */
export class SpackOciError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly place: string | undefined;
  readonly hint: string | undefined;

  constructor(code: string, message: string, details: ErrorDetails) {
    super(hideUserinfo(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "SpackOciError";
    this.code = code;
    this.kind = details.kind;
    this.place = details.place && hideUserinfo(details.place);
    this.hint = details.hint && hideUserinfo(details.hint);
  }
}

/**
 * Whether `error` is a {@link SpackOciError}, optionally of one kind.
 *
 * @example
 * ```ts
 * import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
 *
 * const error = new SpackOciError("ERR_LOCKFILE", "Cannot read spack.lock.", {
 *   kind: "not-found",
 *   hint: "Concretize the environment first.",
 * });
 * console.log(isSpackOciError(error, "not-found")); // true
 * console.log(isSpackOciError(error, "corrupt")); // false
 * ```
 */
export function isSpackOciError(error: unknown, kind?: ErrorKind): error is SpackOciError {
  return error instanceof SpackOciError && (kind === undefined || error.kind === kind);
}
