// Images that share a layer are often pushed at once: one of them sends the layer, and the others wait.

import type { Digest } from "../content/digest.js";
import type { PushOutcome } from "./target.js";

/** Runs one push per digest at a time. */
export class PushOnce {
  readonly #running = new Map<Digest, Promise<PushOutcome>>();

  /** Runs a push, or waits for the one in progress; if that fails, runs this one. */
  async run(digest: Digest, push: () => Promise<PushOutcome>, signal?: AbortSignal): Promise<PushOutcome> {
    for (let other = this.#running.get(digest); other !== undefined; other = this.#running.get(digest)) {
      const isThere = await other.then(
        () => true,
        () => false,
      );
      signal?.throwIfAborted();
      if (isThere) return "exists";
    }
    const pushing = push();
    this.#running.set(digest, pushing);
    try {
      return await pushing;
    } finally {
      this.#running.delete(digest);
    }
  }
}
