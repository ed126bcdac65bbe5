// How a buildcache is named where others than this command read it.

import { resolve } from "node:path";
import type { Target } from "@spack-oci/oci-client";

/** A target's location. Directories are named by their absolute paths, wherever a command was started. */
export function locationOf({ name }: Target): string {
  const [, directory] = /^oci-layout:(.+)$/.exec(name) ?? [];
  return directory === undefined ? name : `oci-layout:${resolve(directory)}`;
}
