// The meaning of the file system's error codes for a layout.

import { reasonOf, SpackOciError } from "@spack-oci/errors";

/** Whether an error has one of the given codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes(String((error as NodeJS.ErrnoException).code));
}

/** Wraps an error of the file system: kind `denied` without permission, else `failed`; code `ERR_OCI_LAYOUT`. */
export function layoutError(place: string, doing: string, cause: unknown): unknown {
  if (cause instanceof SpackOciError || !(cause instanceof Error) || !("code" in cause)) return cause;
  const denied = hasCode(cause, "EACCES", "EPERM", "EROFS");
  return new SpackOciError("ERR_OCI_LAYOUT", `${place}: cannot ${doing}: ${reasonOf(cause)}.`, {
    kind: denied ? "denied" : "failed",
    place,
    cause,
    hint: denied
      ? "Check the permissions of the directory."
      : "Check the directory and the free space on its disk.",
  });
}
