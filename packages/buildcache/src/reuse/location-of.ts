// Names a buildcache for later readers, outside of this process.

import { resolve } from "node:path";
import type { Target } from "@spack-oci/oci-client";

/** A target's location. Directories have absolute paths, so that the working directory does not matter. */
export function locationOf({ name }: Target): string {
  const [, directory] = /^oci-layout:(.+)$/.exec(name) ?? [];
  return directory === undefined ? name : `oci-layout:${resolve(directory)}`;
}
