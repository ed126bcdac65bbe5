// What a target is known to hold, so that the copies of one run ask for nothing twice and send nothing twice.
import type { Digest } from "../content/digest.js";
import { PushOnce } from "../storage/push-once.js";
import type { PushOutcome } from "../storage/target.js";

/** Digests of content that is at one target, each with all that it refers to. */
export class KnownContent {
  readonly #there = new Set<Digest>();
  readonly #pushes = new PushOnce();

  has(digest: Digest): boolean {
    return this.#there.has(digest);
  }

  add(digest: Digest): void {
    this.#there.add(digest);
  }

  /** Pushes content unless it is known, or waits for whoever pushes it already. */
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
