// What a case of the benchmark is.
import type { Rival } from "../support/measure.js";
import type { Settings } from "../support/settings.js";
import type { Surroundings } from "../support/surroundings.js";

/** Work that several programs can do. */
export interface BenchmarkCase {
  /** For `--only`. */
  readonly name: string;
  readonly title: (settings: Settings) => string;
  /** What is compared, and under which conditions. */
  readonly about: string;
  /** Takes so long that it runs only when asked for, and once. */
  readonly isLong?: boolean;
  /** Makes everything ready that all runs share; this project comes first. */
  rivals(surroundings: Surroundings): Promise<readonly Rival[]>;
}

/** How this project is called in tables; what is measured against is compared with it. */
export const OURS = "spack-oci";

/** The same with the other compression. */
export const OURS_WITH_ZSTD = "spack-oci `--compression zstd`";
