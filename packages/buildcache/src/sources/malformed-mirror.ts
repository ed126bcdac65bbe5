// The error for a mirror with broken files.

import { SpackOciError } from "@spack-oci/errors";

/** @param why completes the sentence after the place */
export function malformed(place: string, why: string): SpackOciError {
  return new SpackOciError("ERR_URL_MIRROR_MALFORMED", `${place} cannot be used: ${why}.`, {
    kind: "corrupt",
    place,
    hint: `Push the package again, or run "spack buildcache update-index" to rewrite the index.`,
  });
}
