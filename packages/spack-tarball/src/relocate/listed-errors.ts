// The errors for lists in a build info that are wrong.

import { SpackOciError } from "@spack-oci/errors";

export function escapesPrefix(listed: string): SpackOciError {
  return new SpackOciError(
    "ERR_LIST_ESCAPES",
    `The package lists ${listed}, which is outside of its prefix.`,
    {
      kind: "corrupt",
      place: listed,
    },
  );
}

/** @param why a relative clause */
export function unusable(listed: string, why: string, cause: unknown): SpackOciError {
  return new SpackOciError("ERR_LISTED_FILE", `The package lists ${listed}, ${why}.`, {
    kind: "corrupt",
    place: listed,
    cause,
  });
}
