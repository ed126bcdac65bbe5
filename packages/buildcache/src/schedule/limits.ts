// Numbers that a command line names in its help: an entry of its own, so that help is there before anything else is loaded.

import {
  type Compression,
  DEFAULT_COMPRESSION,
  WRITTEN_COMPRESSIONS,
} from "@spack-oci/spack-tarball/compressions";

/** How many packages are in flight where nobody says: enough to keep the network busy while the processor compresses. */
export function defaultJobs(processors: number): number {
  return Math.max(4, processors * 2);
}

/** As many layers as container engines stack on one another: overlayfs takes 128, and one is the container's own. */
export const MAX_LAYERS = 127;

/** How a push may compress layers, and how it does by default. */
export const LAYER_COMPRESSIONS: readonly Compression[] = WRITTEN_COMPRESSIONS;
export const LAYER_COMPRESSION: Compression = DEFAULT_COMPRESSION;
