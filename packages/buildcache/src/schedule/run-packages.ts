// Sends packages through their steps side by side, each one's last step after those of its dependencies.

import { setTimeout as sleep } from "node:timers/promises";
import type { SpackOciError } from "@spack-oci/errors";
import type { PackageName, PackageOutcome } from "../events/events.js";
import { asSpackOciError } from "../failures/failure.js";
import type { Run } from "./run.js";

/** How one package fared. */
export type PackageResult = { readonly package: PackageName } & PackageOutcome;

/** The steps of every package, and what they run with. */
export interface PackageSteps<Item, Started> {
  /** Dependencies before dependents. */
  readonly items: readonly Item[];
  readonly nodeOf: (item: Item) => PackageName;
  /** DAG hashes; what is not among the items counts as done. */
  readonly dependenciesOf: (item: Item) => readonly string[];
  /** Why an item cannot even be tried; undefined where it can. */
  readonly refuse?: ((item: Item) => SpackOciError | undefined) | undefined;
  /**
   * What needs no other package; runs in any order, but not after something that the item needs has failed.
   *
   * @returns undefined while another process works on the package; then it is asked again, and others come first
   */
  readonly start: (item: Item) => Promise<Started | undefined>;
  /**
   * What needs the item's dependencies to be done.
   *
   * @returns the bytes that were moved; undefined where another process had done everything
   */
  readonly finish: (item: Item, started: Started) => Promise<number | undefined>;
  /** Takes back what `start` did where `finish` will not come. */
  readonly undo?: ((item: Item, started: Started) => Promise<void>) | undefined;
  readonly run: Run;
}

/**
 * An item that fails does not stop the others; items that depend on it are skipped.
 *
 * @returns results in the order of the items
 * @throws the signal's reason, once everything under way has come to rest
 */
export async function runPackages<Item, Started>(
  steps: PackageSteps<Item, Started>,
): Promise<PackageResult[]> {
  const underWay = new UnderWay(steps);
  const settled = await Promise.all(steps.items.map((item) => underWay.take(item)));
  steps.run.signal?.throwIfAborted();
  return settled;
}

/** Milliseconds until a package is tried again that another process works on. */
const BUSY_INTERVAL = 100;

/** What a first step made, or how the package's way ended there. */
type Start<Started> = { readonly value: Started } | { readonly end: PackageOutcome };

/** A package that is about to start. */
interface Task<Item> {
  readonly item: Item;
  readonly node: PackageName;
  /** DAG hashes. */
  readonly dependencies: readonly string[];
}

class UnderWay<Item, Started> {
  readonly #steps: PackageSteps<Item, Started>;
  readonly #settled = new Map<string, Promise<void>>();
  /** What failed or was skipped, and the package that is to blame for it. */
  readonly #blame = new Map<string, PackageName>();

  constructor(steps: PackageSteps<Item, Started>) {
    this.#steps = steps;
  }

  async take(item: Item): Promise<PackageResult> {
    const { name, version, hash } = this.#steps.nodeOf(item);
    const node = { name, version, hash };
    const outcome = this.#attempt(item, node);
    // Dependencies come first in the items, so whoever looks for this finds it.
    this.#settled.set(
      hash,
      outcome.then(() => {}),
    );
    const ended = await outcome;
    const interrupted = this.#steps.run.signal?.aborted === true && ended.outcome !== "done";
    if (!interrupted) this.#steps.run.listener?.({ type: "done", package: node, ...ended });
    return { package: node, ...ended };
  }

  async #attempt(item: Item, node: PackageName): Promise<PackageOutcome> {
    const refused = this.#steps.refuse?.(item);
    if (refused !== undefined) return this.#failed(node, refused);
    const dependencies = this.#steps.dependenciesOf(item).filter((hash) => hash !== node.hash);
    let began = performance.now();
    const started = this.#startWhenFree({ item, node, dependencies }, () => {
      began = performance.now();
    });
    await Promise.all(dependencies.map((hash) => this.#settled.get(hash)));
    const first = await started;
    if ("end" in first) return first.end;
    try {
      const because = this.#blamed(dependencies);
      if (because !== undefined) {
        await this.#steps.undo?.(item, first.value);
        return this.#skipped(node, because);
      }
      const bytes = await this.#steps.finish(item, first.value);
      if (bytes === undefined) return { outcome: "present" };
      return { outcome: "done", bytes, seconds: (performance.now() - began) / 1000 };
    } catch (error) {
      return this.#failed(node, asSpackOciError(error));
    }
  }

  /** Waits outside of the scheduler, because what others wait for may need its places. */
  async #startWhenFree(task: Task<Item>, began: () => void): Promise<Start<Started>> {
    const { scheduler, listener, signal } = this.#steps.run;
    for (let attempt = 0; ; attempt += 1) {
      const start = await scheduler.transfer(() => {
        began();
        return this.#start(task);
      });
      if (start !== undefined) return start;
      if (attempt === 0) listener?.({ type: "step", package: task.node, step: "waiting" });
      // An interruption shows at the next attempt.
      await sleep(BUSY_INTERVAL, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    }
  }

  /** Notes a failure at once, so that whatever starts next knows of it. */
  async #start({ item, node, dependencies }: Task<Item>): Promise<Start<Started> | undefined> {
    const because = this.#blamed(dependencies);
    if (because !== undefined) return { end: this.#skipped(node, because) };
    try {
      this.#steps.run.signal?.throwIfAborted();
      const value = await this.#steps.start(item);
      return value === undefined ? undefined : { value };
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
