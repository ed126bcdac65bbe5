// Runs the steps of many packages concurrently; the last step of each follows those of its dependencies.

import { setTimeout as sleep } from "node:timers/promises";
import type { SpackOciError } from "@spack-oci/errors";
import type { PackageName, PackageOutcome } from "../events/events.js";
import { asSpackOciError } from "../failures/failure.js";
import type { Run } from "./run.js";

/** The outcome for one package. */
export type PackageResult = { readonly package: PackageName } & PackageOutcome;

/**
 * What the failure of one item means for the others: its dependents are skipped; or all others continue, as in a push
 * by Spack; or nothing is finished unless everything could be started, and whatever is not finished yet is skipped.
 */
type FailurePolicy = "skip-dependents" | "continue" | "stop";

/** The steps of every package, and the items they apply to. */
export interface PackageSteps<Item, Started> {
  /** Dependencies before dependents. */
  readonly items: readonly Item[];
  readonly nodeOf: (item: Item) => PackageName;
  /** DAG hashes; dependencies that are not among the items count as done. */
  readonly dependenciesOf: (item: Item) => readonly string[];
  /** Why an item cannot be attempted at all; undefined if it can. */
  readonly reject?: ((item: Item) => SpackOciError | undefined) | undefined;
  /** `skip-dependents` by default. */
  readonly onFailure?: FailurePolicy | undefined;
  /**
   * The part that needs no other package. Runs in any order, but not once a failure rules the item out.
   *
   * @returns undefined while another process works on the package; it is then tried again after others
   */
  readonly start: (item: Item) => Promise<Started | undefined>;
  /**
   * The part that needs the item's dependencies to be done, or at least settled.
   *
   * @returns the bytes that were moved; undefined if another process had done everything
   */
  readonly finish: (item: Item, started: Started) => Promise<number | undefined>;
  /**
   * What remains once dependents may go on. If it fails, so does the item; it must then fail for its dependents, too,
   * because they may be finished.
   */
  readonly complete?: ((item: Item, started: Started) => Promise<void>) | undefined;
  /** Reverts `start` if `finish` will not follow. */
  readonly undo?: ((item: Item, started: Started) => Promise<void>) | undefined;
  readonly run: Run;
}

/**
 * Runs all items. The policy decides what a failure means for the others.
 *
 * @returns results in the order of the items
 * @throws the signal's reason, once everything in flight has settled
 */
export async function runPackages<Item, Started>(
  steps: PackageSteps<Item, Started>,
): Promise<PackageResult[]> {
  const inFlight = new InFlight(steps);
  const results = await Promise.all(steps.items.map((item) => inFlight.run(item)));
  steps.run.signal?.throwIfAborted();
  return results;
}

/** Milliseconds between attempts at a package that another process works on. */
const BUSY_INTERVAL = 100;

/** The result of a first step, or the outcome of a package that ended there. */
type Start<Started> = { readonly value: Started } | { readonly end: PackageOutcome };

/** A package whose dependents may go on. */
interface Finished<Started> {
  readonly started: Started;
  readonly bytes: number | undefined;
  readonly seconds: number;
}

/** A package that is about to start. */
interface Task<Item> {
  readonly item: Item;
  readonly node: PackageName;
  /** DAG hashes. */
  readonly dependencies: readonly string[];
}

class InFlight<Item, Started> {
  readonly #steps: PackageSteps<Item, Started>;
  readonly #settled = new Map<string, Promise<void>>();
  readonly #starts: Promise<unknown>[] = [];
  /** The package that each failed or skipped one failed because of. */
  readonly #failedBecause = new Map<string, PackageName>();

  constructor(steps: PackageSteps<Item, Started>) {
    this.#steps = steps;
  }

  async run(item: Item): Promise<PackageResult> {
    const { name, version, hash } = this.#steps.nodeOf(item);
    const node = { name, version, hash };
    const attempt = this.#attempt(item, node);
    // Dependencies come first in the items, so their tasks are already registered.
    this.#settled.set(
      hash,
      attempt.then(() => {}),
    );
    const finished = await attempt;
    const ended = "outcome" in finished ? finished : await this.#complete(item, node, finished);
    const interrupted = this.#steps.run.signal?.aborted === true && ended.outcome !== "done";
    if (!interrupted) this.#steps.run.listener?.({ type: "done", package: node, ...ended });
    return { package: node, ...ended };
  }

  async #attempt(item: Item, node: PackageName): Promise<Finished<Started> | PackageOutcome> {
    const rejection = this.#steps.reject?.(item);
    if (rejection !== undefined) return this.#failed(node, rejection);
    const dependencies = this.#steps.dependenciesOf(item).filter((hash) => hash !== node.hash);
    let began = performance.now();
    const started = this.#startWhenFree({ item, node, dependencies }, () => {
      began = performance.now();
    });
    this.#starts.push(started);
    await Promise.all(dependencies.map((hash) => this.#settled.get(hash)));
    const first = await started;
    // All items have been registered by now, because the dependencies were awaited.
    if (this.#steps.onFailure === "stop") await Promise.all(this.#starts);
    if ("end" in first) return first.end;
    try {
      const because = this.#obstacle(dependencies);
      if (because !== undefined) {
        await this.#steps.undo?.(item, first.value);
        return this.#skipped(node, because);
      }
      const bytes = await this.#steps.finish(item, first.value);
      return { started: first.value, bytes, seconds: (performance.now() - began) / 1000 };
    } catch (error) {
      return this.#failed(node, asSpackOciError(error));
    }
  }

  async #complete(
    item: Item,
    node: PackageName,
    { started, bytes, seconds }: Finished<Started>,
  ): Promise<PackageOutcome> {
    try {
      await this.#steps.complete?.(item, started);
      return bytes === undefined ? { outcome: "present" } : { outcome: "done", bytes, seconds };
    } catch (error) {
      return this.#failed(node, asSpackOciError(error));
    }
  }

  /** Waits outside of the scheduler, because the packages waited for may need its slots. */
  async #startWhenFree(task: Task<Item>, began: () => void): Promise<Start<Started>> {
    const { scheduler, listener, signal } = this.#steps.run;
    for (let attempt = 0; ; attempt += 1) {
      const start = await scheduler.transfer(() => {
        began();
        return this.#start(task);
      });
      if (start !== undefined) return start;
      if (attempt === 0) listener?.({ type: "step", package: task.node, step: "waiting" });
      // An interruption surfaces at the next attempt.
      await sleep(BUSY_INTERVAL, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    }
  }

  /** Records a failure immediately, so that packages that start next see it. */
  async #start({ item, node, dependencies }: Task<Item>): Promise<Start<Started> | undefined> {
    const because = this.#obstacle(dependencies);
    if (because !== undefined) return { end: this.#skipped(node, because) };
    try {
      this.#steps.run.signal?.throwIfAborted();
      const value = await this.#steps.start(item);
      return value === undefined ? undefined : { value };
    } catch (error) {
      return { end: this.#failed(node, asSpackOciError(error)) };
    }
  }

  /** The failed package that rules out an item with these dependencies. */
  #obstacle(dependencies: readonly string[]): PackageName | undefined {
    const { onFailure = "skip-dependents" } = this.#steps;
    if (onFailure === "continue") return undefined;
    if (onFailure === "stop") return this.#failedBecause.values().next().value;
    const failed = dependencies.find((hash) => this.#failedBecause.has(hash));
    return failed === undefined ? undefined : this.#failedBecause.get(failed);
  }

  #failed(node: PackageName, error: SpackOciError): PackageOutcome {
    this.#failedBecause.set(node.hash, node);
    return { outcome: "failed", error };
  }

  #skipped(node: PackageName, because: PackageName): PackageOutcome {
    this.#failedBecause.set(node.hash, because);
    return { outcome: "skipped", because };
  }
}
