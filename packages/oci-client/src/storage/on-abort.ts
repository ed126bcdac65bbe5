// Listens to the signal of a caller, who may share one among any number of requests and verbs.

import { setMaxListeners } from "node:events";

/**
 * Calls `listener` once the signal is aborted, or at once if it is already.
 *
 * @returns ends the listening; to be called when the work has ended
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) listener();
  allowListeners(signal);
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}

const allowing = new WeakSet<AbortSignal>();

/** Node warns of a leak at eleven listeners, but every request in flight has some, and removes them when it ends. */
export function allowListeners(signal: AbortSignal | undefined): void {
  if (signal === undefined || allowing.has(signal)) return;
  setMaxListeners(0, signal);
  allowing.add(signal);
}
