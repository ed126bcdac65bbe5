// The only place where work runs concurrently.

import pLimit from "p-limit";

/** Runs tasks, limiting how many of each kind run at once. */
export interface Scheduler {
  /** How many packages may be in flight at once. */
  readonly jobs: number;
  /** Work on a package's bytes: packing, uploading, fetching, unpacking. */
  transfer<T>(task: () => Promise<T>): Promise<T>;
  /** The last step of a package. It never waits behind the first steps of others, so packages in flight finish. */
  finish<T>(task: () => Promise<T>): Promise<T>;
  /** Requests that transfer few bytes: manifests and configs. */
  request<T>(task: () => Promise<T>): Promise<T>;
}

/** Small requests wait for the network rather than for the processor. */
const REQUESTS_PER_TRANSFER = 4;

/** @param jobs how many packages may be in flight at once, at least 1 */
export function createScheduler(jobs: number): Scheduler {
  const transfer = pLimit(jobs);
  const finish = pLimit(jobs);
  const request = pLimit(jobs * REQUESTS_PER_TRANSFER);
  return {
    jobs,
    transfer: (task) => transfer(task),
    finish: (task) => finish(task),
    request: (task) => request(task),
  };
}
