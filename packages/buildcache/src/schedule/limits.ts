// Constants that `--help` shows, without imports, so that help appears before anything else is loaded.

import type { BillFormat } from "@spack-oci/bill-of-materials";
import {
  type Compression,
  DEFAULT_COMPRESSION,
  WRITTEN_COMPRESSIONS,
} from "@spack-oci/spack-tarball/compressions";

/** The default number of packages in flight: enough to keep the network busy while the processors compress. */
export function defaultJobs(processors: number): number {
  return Math.max(4, processors * 2);
}

/** The layers that container engines can stack: overlayfs takes 128, and one is the container's own. */
export const MAX_LAYERS = 127;

/** The compressions that a push supports; the first is the default. */
export const LAYER_COMPRESSIONS: readonly Compression[] = WRITTEN_COMPRESSIONS;
export const LAYER_COMPRESSION: Compression = DEFAULT_COMPRESSION;

/** The formats of bills of materials. */
export const BILL_FORMATS: readonly BillFormat[] = ["spdx", "cyclonedx"];
