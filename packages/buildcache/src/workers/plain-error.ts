// Carries errors between threads, which keep nothing of an error but its message.

import { type ErrorKind, SpackOciError } from "@spack-oci/errors";
import { RelocationError, type RelocationProblem } from "@spack-oci/spack-tarball";

/** An error as plain data. */
export interface PlainError {
  readonly message: string;
  readonly code?: string | undefined;
  /** Of a `SpackOciError`. */
  readonly kind?: ErrorKind | undefined;
  readonly place?: string | undefined;
  readonly hint?: string | undefined;
  readonly cause?: PlainError | undefined;
  /** Of a `RelocationError`. */
  readonly problems?: readonly RelocationProblem[] | undefined;
  /** Of an error of the file system. */
  readonly path?: string | undefined;
  readonly syscall?: string | undefined;
  readonly errno?: number | undefined;
  readonly stack?: string | undefined;
}

export function toPlainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  const cause = error.cause === undefined ? undefined : toPlainError(error.cause);
  if (error instanceof SpackOciError) {
    const { code, kind, place, hint } = error;
    const problems = error instanceof RelocationError ? error.problems : undefined;
    return { message, code, kind, place, hint, cause, problems, stack };
  }
  const { code, path, syscall, errno } = error as NodeJS.ErrnoException;
  return { message, code, path, syscall, errno, cause, stack };
}

export function fromPlainError(plain: PlainError): Error {
  const { message, code, kind, place, hint, problems } = plain;
  const cause = plain.cause && fromPlainError(plain.cause);
  if (problems !== undefined) return new RelocationError(problems);
  if (kind !== undefined && code !== undefined)
    return new SpackOciError(code, message, { kind, place, hint, cause });
  const { path, syscall, errno, stack } = plain;
  return Object.assign(new Error(message, { cause }), { code, path, syscall, errno, stack });
}
