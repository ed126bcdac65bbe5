// A buildcache in memory that records requests, and lets other writers act in between.

import {
  type BodyFactory,
  type Descriptor,
  isManifestType,
  MemoryTarget,
  type PushOptions,
  type PushOutcome,
} from "@spack-oci/oci-client";

/** A request to the target. */
type Asked = "resolve index" | "resolve tag" | "fetch" | "list tags" | "write index" | "push";

export class WatchedTarget extends MemoryTarget {
  readonly asked: Asked[] = [];
  /** Whether conditional writes are supported; most registries ignore conditions. */
  heedsConditions = true;
  readonly #acts: { asked: Asked; after: number; act: () => Promise<unknown> | unknown }[] = [];

  /** Runs `act` once, before the `time`-th request of a kind from now on. */
  before(asked: Asked, time: number, act: () => Promise<unknown> | unknown): void {
    this.#acts.push({ asked, after: this.count(asked) + time, act });
  }

  count(asked: Asked): number {
    return this.asked.filter((each) => each === asked).length;
  }

  override async resolve(reference: string) {
    if (!reference.includes(":"))
      await this.#ask(reference === "index.spack" ? "resolve index" : "resolve tag");
    return super.resolve(reference);
  }

  override async fetch(descriptor: Descriptor) {
    if (!isManifestType(descriptor.mediaType)) await this.#ask("fetch");
    return super.fetch(descriptor);
  }

  override async push(
    descriptor: Descriptor,
    body: BodyFactory,
    options: PushOptions = {},
  ): Promise<PushOutcome> {
    await this.#ask(options.tag === "index.spack" ? "write index" : "push");
    return super.push(
      descriptor,
      body,
      this.heedsConditions ? options : { ...options, replacing: undefined },
    );
  }

  override async *tags() {
    await this.#ask("list tags");
    yield* super.tags();
  }

  async #ask(asked: Asked): Promise<void> {
    this.asked.push(asked);
    const count = this.count(asked);
    const due = this.#acts.findIndex((each) => each.asked === asked && each.after === count);
    if (due >= 0) await this.#acts.splice(due, 1)[0]?.act();
  }
}
