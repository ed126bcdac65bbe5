// Why something of the operating system failed, in words that may follow a colon.

const SYSTEM_ERROR = /^(E[A-Z0-9]+|Unknown system error -?\d+): ([^,]+)/;
const MISSING: readonly (string | undefined)[] = ["ENOENT", "ENOTDIR"];
const DENIALS: readonly (string | undefined)[] = ["EACCES", "EPERM", "EROFS"];

/**
 * `permission denied (EACCES)` for Node's `EACCES: permission denied, open '/x'`; the message of any other error. Name
 * the path yourself.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { reasonOf } from "@spack-oci/errors";
 *
 * try {
 *   readFileSync("no-such-file");
 * } catch (error) {
 *   console.log(reasonOf(error)); // no such file or directory (ENOENT)
 * }
 * ```
 */
export function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, code, reason] = SYSTEM_ERROR.exec(message) ?? [];
  if (code === undefined || reason === undefined) return message;
  return code.startsWith("E") ? `${reason} (${code})` : `system error ${code.replace(/\D+/, "")}`;
}

/** Whether an error is one of the operating system, with a code. */
export function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && "syscall" in cause;
}

/**
 * Whether the operating system says that a file or directory does not exist.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { isMissing } from "@spack-oci/errors";
 *
 * try {
 *   readFileSync("no-such-file");
 * } catch (error) {
 *   console.log(isMissing(error)); // true
 * }
 * ```
 */
export function isMissing(cause: unknown): boolean {
  return MISSING.includes((cause as NodeJS.ErrnoException | undefined)?.code);
}

/** Whether the operating system denies access: as another user, or with another mount, it would work. */
export function isDenial(cause: unknown): boolean {
  return isSystemError(cause) && DENIALS.includes(cause.code);
}
