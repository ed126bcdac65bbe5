// Waits for locks that other processes hold. They are polled, as Spack does, because a wait inside the system call
// could not be interrupted, and would occupy a thread.

import { setTimeout as sleep } from "node:timers/promises";

/**
 * Tries until `attempt` succeeds.
 *
 * @returns false once the time is over; there is always one attempt
 */
export async function waitForLock(
  attempt: () => boolean | Promise<boolean>,
  timeoutSeconds = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const deadline = performance.now() + timeoutSeconds * 1000;
  for (let attempts = 0; !(await attempt()); attempts += 1) {
    const left = deadline - performance.now();
    if (left <= 0) return false;
    await sleep(Math.min(pollingInterval(attempts), left));
  }
  return true;
}

/** Milliseconds between attempts, as in Spack (`Lock._poll_interval_generator` in `llnl/util/lock.py`). */
function pollingInterval(attempts: number): number {
  if (attempts < 20) return 100;
  return attempts < 60 ? 200 : 500;
}
