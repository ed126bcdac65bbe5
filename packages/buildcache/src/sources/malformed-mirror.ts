// The error for a mirror whose files are not what they should be.

import { SpackOciError } from "@spack-oci/errors";

/** @param why the part of the sentence after the place */
export function malformed(place: string, why: string): SpackOciError {
  return new SpackOciError("ERR_URL_MIRROR_MALFORMED", `${place} cannot be used: ${why}.`, {
    kind: "corrupt",
    place,
    hint: "Push the package again, or have Spack write the index again: spack buildcache update-index.",
  });
}
