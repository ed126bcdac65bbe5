// Sends packages through their steps side by side, each one's last step after those of its dependencies.

import type { SpackOciError } from "@spack-oci/errors";
import type { Listener, PackageName, PackageOutcome } from "../events.js";
import { asSpackOciError } from "../failure.js";

/** How one package fared. */
export type PackageResult = { readonly package: PackageName } & PackageOutcome;

export interface PackageRun<Item, Started> {
  /** Dependencies before dependents. */
  readonly items: readonly Item[];
  readonly nodeOf: (item: Item) => PackageName;
  /** DAG hashes; what is not among the items counts as done. */
  readonly dependenciesOf: (item: Item) => readonly string[];
  /** What needs no other package; runs in any order. */
  readonly start: (item: Item) => Promise<Started>;
  /**
   * What needs the item's dependencies to be done.
   *
   * @returns the bytes that were moved; undefined where another process had done everything
   */
  readonly finish: (item: Item, started: Started) => Promise<number | undefined>;
  /** Takes back what `start` did where `finish` will not come. */
  readonly undo?: ((item: Item, started: Started) => Promise<void>) | undefined;
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
  const results = new Map<string, Promise<PackageResult>>();
  for (const item of run.items) results.set(run.nodeOf(item).hash, runOne(run, item, results));
  const settled = await Promise.all(results.values());
  run.signal?.throwIfAborted();
  return settled;
}

async function runOne<Item, Started>(
  run: PackageRun<Item, Started>,
  item: Item,
  results: ReadonlyMap<string, Promise<PackageResult>>,
): Promise<PackageResult> {
  const { name, version, hash } = run.nodeOf(item);
  const node = { name, version, hash };
  const began = performance.now();
  const outcome = await attempt(run, item, results, began);
  run.listener?.({ type: "done", package: node, ...outcome });
  return { package: node, ...outcome };
}

async function attempt<Item, Started>(
  run: PackageRun<Item, Started>,
  item: Item,
  results: ReadonlyMap<string, Promise<PackageResult>>,
  began: number,
): Promise<PackageOutcome> {
  const started = settle(run.start(item));
  // Dependencies come first in the items, so their promises are there already.
  const dependencies = run.dependenciesOf(item).filter((hash) => hash !== run.nodeOf(item).hash);
  const failed = (await Promise.all(dependencies.map((hash) => results.get(hash)))).find(
    (result) => result?.outcome === "failed" || result?.outcome === "skipped",
  );
  const first = await started;
  if ("error" in first) return { outcome: "failed", error: first.error };
  try {
    if (failed !== undefined) {
      await run.undo?.(item, first.value);
      return { outcome: "skipped", because: failed.outcome === "skipped" ? failed.because : failed.package };
    }
    const bytes = await run.finish(item, first.value);
    if (bytes === undefined) return { outcome: "present" };
    return { outcome: "done", bytes, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    return { outcome: "failed", error: asSpackOciError(error) };
  }
}

type Settled<T> = { readonly value: T } | { readonly error: SpackOciError };

async function settle<T>(promise: Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error: asSpackOciError(error) };
  }
}
