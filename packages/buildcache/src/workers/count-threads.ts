// Decides how many threads write packages, for which memory counts more than processors.

/** Packages for each thread. Starting one takes as long as installing a few, and its first ones take longer. */
const PACKAGES_PER_THREAD = 40;

/**
 * With two, the main thread already takes longer to request and record packages than they take to write them. Each
 * takes about 20 MB besides the package that it writes.
 */
const MAX_THREADS = 2;

/** What there is to do, and to do it with. */
interface Work {
  readonly packages: number;
  /** How many packages may be in flight. */
  readonly jobs: number;
  /** One is left to the main thread. */
  readonly processors: number;
}

/** How many threads stage large packages, besides this one. */
export function countLayerThreads({ jobs, processors }: Omit<Work, "packages">): number {
  return Math.min(MAX_THREADS, processors - 1, jobs);
}

/** @returns 0 if the main thread should write the packages itself */
export function countThreads({ packages, jobs, processors }: Work): number {
  return Math.min(MAX_THREADS, processors - 1, jobs, Math.floor(packages / PACKAGES_PER_THREAD));
}
