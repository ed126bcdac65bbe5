// Aborts one controller when any of several signals aborts. AbortSignal.any would do, but on Node 20 it retains its
// result as long as a signal lives, and a user's signal lives as long as the whole run.

/** Forwards aborts until the returned function is called, which must happen when the work has ended. */
export function forwardAborts(
  controller: AbortController,
  ...signals: readonly (AbortSignal | undefined)[]
): () => void {
  const releases = signals.map((signal) => {
    const abort = () => controller.abort(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    return () => signal?.removeEventListener("abort", abort);
  });
  return () => {
    for (const release of releases) release();
  };
}
