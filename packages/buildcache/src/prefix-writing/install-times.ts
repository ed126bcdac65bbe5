// Describes how long an install took, in Spack's phases.

import type { InstallTimes } from "@spack-oci/spack-store";

/** Durations of the parts of an install. Fetching and verifying happen while unpacking, and count as that. */
export interface PhaseSeconds {
  readonly unpacking: number;
  readonly relocating: number;
}

export function installTimes(
  { name, hash }: { readonly name: string; readonly hash: string },
  { unpacking, relocating }: PhaseSeconds,
): InstallTimes {
  const total = unpacking + relocating;
  return {
    name,
    hash,
    totalSeconds: total,
    phases: [
      { name: "search", seconds: 0 },
      { name: "fetch", seconds: 0 },
      { name: "install", seconds: total },
      { name: "extract", path: "install/extract", seconds: unpacking },
      { name: "relocate", path: "install/relocate", seconds: relocating },
    ],
  };
}
