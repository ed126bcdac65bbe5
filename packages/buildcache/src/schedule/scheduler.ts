// The one place where work runs side by side.

import pLimit from "p-limit";

/** Runs tasks, at most so many of a kind at once. */
export interface Scheduler {
  /** Work on a package's bytes: packing, uploading, fetching, unpacking. */
  heavy<T>(task: () => Promise<T>): Promise<T>;
  /** The last step of a package; never waits behind the first steps of others, so that what is begun gets done. */
  closing<T>(task: () => Promise<T>): Promise<T>;
  /** Requests that move few bytes: manifests, configs. */
  light<T>(task: () => Promise<T>): Promise<T>;
}

/** Small requests wait for the network rather than the processor. */
const LIGHT_PER_HEAVY = 4;

/** @param jobs how many packages may be in flight at once, at least 1 */
export function createScheduler(jobs: number): Scheduler {
  const heavy = pLimit(jobs);
  const closing = pLimit(jobs);
  const light = pLimit(jobs * LIGHT_PER_HEAVY);
  return {
    heavy: (task) => heavy(task),
    closing: (task) => closing(task),
    light: (task) => light(task),
  };
}
