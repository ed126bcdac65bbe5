// What is known of a package before its layer is read.

import type { BuildInfo } from "@spack-oci/spack-tarball";

export interface KnownPackage {
  readonly buildInfo: BuildInfo;
  /** The prefix in which the package was built, without a leading slash, as member names begin. */
  readonly memberPrefix: string;
}
