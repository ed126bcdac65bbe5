// The order of the versions of concrete specs, which are plain text.

import { compareVersions } from "./order.js";
import { parseVersion } from "./parse-version.js";

/**
 * Negative if `left` comes before `right`.
 *
 * @throws SpackOciError `ERR_VERSION`
 *
 * @example
 * ```ts
 * import { compareSpecVersions } from "@spack-oci/spack-spec";
 *
 * console.log(["1.10", "1.9", "main"].sort(compareSpecVersions)); // [ '1.9', '1.10', 'main' ]
 * ```
 */
export function compareSpecVersions(left: string, right: string): number {
  return compareVersions(parseVersion(left), parseVersion(right));
}
