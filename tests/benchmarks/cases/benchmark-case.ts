// A case of the benchmark.

import type { Rival } from "../support/measure.js";
import type { Settings } from "../support/settings.js";
import type { Surroundings } from "../support/surroundings.js";

/** Work that several programs can do. */
export interface BenchmarkCase {
  /** For `--only`. */
  readonly name: string;
  readonly title: (settings: Settings) => string;
  /** The conditions of the comparison. */
  readonly about: string;
  /** Takes so long that it runs only on request, and only once. */
  readonly isLong?: boolean;
  /** Prepares what all runs share. This project comes first. */
  rivals(surroundings: Surroundings): Promise<readonly Rival[]>;
}

/** The name of this project in tables; others are compared with it. */
export const OURS = "spack-oci";

/** This project with the other compression. */
export const OURS_WITH_ZSTD = "spack-oci `--compression zstd`";
