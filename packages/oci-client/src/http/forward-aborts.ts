// Aborts one controller when any of several signals aborts. AbortSignal.any would do, but on Node 20 it retains its
// result as long as a signal lives, and a user's signal lives as long as the whole run.

import { onAbort } from "../storage/on-abort.js";

/** Forwards aborts until the returned function is called, which must happen when the work has ended. */
export function forwardAborts(
  controller: AbortController,
  ...signals: readonly (AbortSignal | undefined)[]
): () => void {
  const releases = signals.map((signal) => onAbort(signal, () => controller.abort(signal?.reason)));
  return () => {
    for (const release of releases) release();
  };
}
