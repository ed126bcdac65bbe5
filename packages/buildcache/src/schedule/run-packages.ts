// Sends packages through their steps side by side, each one's last step after those of its dependencies.

import type { SpackOciError } from "@spack-oci/errors";
import type { Listener, PackageName, PackageOutcome } from "../events.js";
import { asSpackOciError } from "../failure.js";
import type { Scheduler } from "./scheduler.js";

/** How one package fared. */
export type PackageResult = { readonly package: PackageName } & PackageOutcome;

export interface PackageRun<Item, Started> {
  /** Dependencies before dependents. */
  readonly items: readonly Item[];
  readonly nodeOf: (item: Item) => PackageName;
  /** DAG hashes; what is not among the items counts as done. */
  readonly dependenciesOf: (item: Item) => readonly string[];
  /** Why an item cannot even be tried; undefined where it can. */
  readonly refuse?: ((item: Item) => SpackOciError | undefined) | undefined;
  /** What needs no other package; runs in any order, but not after something that the item needs has failed. */
  readonly start: (item: Item) => Promise<Started>;
  /** What needs the item's dependencies to be done. @returns the bytes that were moved */
  readonly finish: (item: Item, started: Started) => Promise<number>;
  /** Takes back what `start` did where `finish` will not come. */
  readonly undo?: ((item: Item, started: Started) => Promise<void>) | undefined;
  readonly scheduler: Scheduler;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * An item that fails does not stop the others; items that depend on it are skipped.
 *
 * @returns results in the order of the items
 * @throws the signal's reason, once everything under way has come to rest
 */
export async function runPackages<Item, Started>(run: PackageRun<Item, Started>): Promise<PackageResult[]> {
  const underWay = new UnderWay(run);
  const settled = await Promise.all(run.items.map((item) => underWay.take(item)));
  run.signal?.throwIfAborted();
  return settled;
}

/** What a first step made, or how the package's way ended there. */
type Start<Started> = { readonly value: Started } | { readonly end: PackageOutcome };

class UnderWay<Item, Started> {
  readonly #run: PackageRun<Item, Started>;
  readonly #settled = new Map<string, Promise<void>>();
  /** What failed or was skipped, and the package that is to blame for it. */
  readonly #blame = new Map<string, PackageName>();

  constructor(run: PackageRun<Item, Started>) {
    this.#run = run;
  }

  async take(item: Item): Promise<PackageResult> {
    const { name, version, hash } = this.#run.nodeOf(item);
    const node = { name, version, hash };
    const outcome = this.#attempt(item, node);
    // Dependencies come first in the items, so whoever looks for this finds it.
    this.#settled.set(
      hash,
      outcome.then(() => {}),
    );
    const ended = await outcome;
    const interrupted = this.#run.signal?.aborted === true && ended.outcome !== "done";
    if (!interrupted) this.#run.listener?.({ type: "done", package: node, ...ended });
    return { package: node, ...ended };
  }

  async #attempt(item: Item, node: PackageName): Promise<PackageOutcome> {
    const refused = this.#run.refuse?.(item);
    if (refused !== undefined) return this.#failed(node, refused);
    const dependencies = this.#run.dependenciesOf(item).filter((hash) => hash !== node.hash);
    let began = performance.now();
    const started = this.#run.scheduler.heavy(() => {
      began = performance.now();
      return this.#start(item, node, dependencies);
    });
    await Promise.all(dependencies.map((hash) => this.#settled.get(hash)));
    const first = await started;
    if ("end" in first) return first.end;
    try {
      const because = this.#blamed(dependencies);
      if (because !== undefined) {
        await this.#run.undo?.(item, first.value);
        return this.#skipped(node, because);
      }
      const bytes = await this.#run.finish(item, first.value);
      return { outcome: "done", bytes, seconds: (performance.now() - began) / 1000 };
    } catch (error) {
      return this.#failed(node, asSpackOciError(error));
    }
  }

  /** Notes a failure at once, so that whatever starts next knows of it. */
  async #start(item: Item, node: PackageName, dependencies: readonly string[]): Promise<Start<Started>> {
    const because = this.#blamed(dependencies);
    if (because !== undefined) return { end: this.#skipped(node, because) };
    try {
      this.#run.signal?.throwIfAborted();
      return { value: await this.#run.start(item) };
    } catch (error) {
      return { end: this.#failed(node, asSpackOciError(error)) };
    }
  }

  #blamed(dependencies: readonly string[]): PackageName | undefined {
    const failed = dependencies.find((hash) => this.#blame.has(hash));
    return failed === undefined ? undefined : this.#blame.get(failed);
  }

  #failed(node: PackageName, error: SpackOciError): PackageOutcome {
    this.#blame.set(node.hash, node);
    return { outcome: "failed", error };
  }

  #skipped(node: PackageName, because: PackageName): PackageOutcome {
    this.#blame.set(node.hash, because);
    return { outcome: "skipped", because };
  }
}
