// The errors for members that cannot be written.

import { SpackOciError } from "@spack-oci/errors";

export function tooLong(place: string, cause?: unknown): SpackOciError {
  return new SpackOciError(
    "ERR_PATH_TOO_LONG",
    "The layer has a path that is too long for this file system.",
    {
      kind: "unsupported",
      place,
      hint: "Use an install tree with a shorter path.",
      cause,
    },
  );
}

/** @param what predicate of the sentence */
export function malformed(name: string, what: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_TAR_MALFORMED", `The layer ${what}.`, {
    kind: "corrupt",
    place: name,
    cause,
  });
}
