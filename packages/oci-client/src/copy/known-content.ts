// Remembers what a target has, so that the copies of one run neither check nor send anything twice.

import type { Digest } from "../content/digest.js";
import { PushOnce } from "../storage/push-once.js";
import type { PushOutcome } from "../storage/target.js";

/** Digests of content at one target, each complete with everything that it refers to. */
export class KnownContent {
  readonly #there = new Set<Digest>();
  readonly #pushes = new PushOnce();

  has(digest: Digest): boolean {
    return this.#there.has(digest);
  }

  add(digest: Digest): void {
    this.#there.add(digest);
  }

  /** Pushes content unless it is known; if another caller is already pushing it, waits for that. */
  async push(
    digest: Digest,
    push: () => Promise<PushOutcome>,
    signal: AbortSignal | undefined,
  ): Promise<PushOutcome> {
    if (this.has(digest)) return "exists";
    const outcome = await this.#pushes.run(digest, push, signal);
    this.add(digest);
    return outcome;
  }
}
