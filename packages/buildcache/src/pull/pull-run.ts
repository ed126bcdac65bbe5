// One pull under way: every package through its steps, and then into the database.

import type { Target } from "@spack-oci/oci-client";
import {
  installSbang,
  loadFileLocks,
  registerInstalls,
  runtimeClosure,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-store";
import { describePackage, type Listener } from "../events.js";
import { type PackageResult, runPackages } from "../schedule/run-packages.js";
import type { Scheduler } from "../schedule/scheduler.js";
import { notFound } from "../select/select-specs.js";
import type { Destination } from "./destination.js";
import { fetchPackage } from "./fetch-package.js";
import { installPackage } from "./install-package.js";
import type { PullItem, PullPlan } from "./plan-pull.js";
import { removeTree } from "./remove-tree.js";
import { prepareStaging, sweepStaging } from "./staging.js";

export interface PullRunOptions {
  /** Replace what is at the prefixes. */
  readonly force?: boolean | undefined;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly graph: SpecGraph;
  readonly prefixOf: (node: SpecNode) => string;
}

/** Carries a plan out. */
export class PullRun {
  readonly #target: Target;
  readonly #destination: Destination;
  readonly #scheduler: Scheduler;
  readonly #options: PullRunOptions;

  constructor(target: Target, destination: Destination, scheduler: Scheduler, options: PullRunOptions) {
    this.#target = target;
    this.#destination = destination;
    this.#scheduler = scheduler;
    this.#options = options;
  }

  async packages(plan: PullPlan): Promise<PackageResult[]> {
    const { graph, listener, signal } = this.#options;
    const missing = new Set(plan.missing);
    const installed = new Set(plan.present);
    await sweepStaging([...plan.todo, ...plan.present].map((item) => item.prefix));
    if (plan.todo.length > 0)
      await installSbang(this.#destination.store.sbangPath, this.#destination.permissions);
    try {
      return await runPackages<PullItem, Staged>({
        items: [...plan.missing, ...plan.todo],
        nodeOf: (item) => item.node,
        dependenciesOf: (item) => runtimeClosure(graph, [item.node.hash]).map((node) => node.hash),
        refuse: (item) =>
          missing.has(item) ? notFound(describePackage(item.node), this.#target.name) : undefined,
        start: (item) => this.#stage(item),
        finish: (item, staged) =>
          this.#scheduler.closing(async () => {
            await this.#install(item, staged);
            installed.add(item);
            return staged.bytes;
          }),
        undo: (item, staged) => this.#drop(item, staged.directory),
        scheduler: this.#scheduler,
        listener,
        signal,
      });
    } finally {
      await this.#register([...installed]);
    }
  }

  async #stage(item: PullItem): Promise<Staged> {
    const { graph, prefixOf, listener, signal } = this.#options;
    signal?.throwIfAborted();
    const directory = await prepareStaging(item.prefix, item.node.hash);
    try {
      const bytes = await fetchPackage(item, directory, {
        target: this.#target,
        store: this.#destination.store,
        graph,
        prefixOf,
        onStep: (step, size) =>
          listener?.({
            type: "step",
            package: item.node,
            step,
            ...(size === undefined ? {} : { bytes: size }),
          }),
        onBytes: (count) => listener?.({ type: "bytes", package: item.node, count }),
        signal,
      });
      return { directory, bytes };
    } catch (error) {
      await this.#drop(item, directory);
      throw error;
    }
  }

  async #install(item: PullItem, staged: Staged): Promise<void> {
    this.#options.listener?.({ type: "step", package: item.node, step: "installing" });
    try {
      this.#options.signal?.throwIfAborted();
      await installPackage(item, staged.directory, this.#destination, {
        replace: this.#options.force ?? false,
      });
    } catch (error) {
      await this.#drop(item, staged.directory);
      throw error;
    }
  }

  /** Why a package failed matters more than that what there is of it cannot be removed. */
  async #drop(item: PullItem, directory: string): Promise<void> {
    try {
      await removeTree(directory);
    } catch (error) {
      const message = `What there is of ${describePackage(item.node)} cannot be removed: ${(error as Error).message}`;
      this.#options.listener?.({ type: "warning", message, place: directory });
    }
  }

  /** Records what is in place, also what an earlier pull left without a record. */
  async #register(items: readonly PullItem[]): Promise<void> {
    if (items.length === 0) return;
    const { graph, prefixOf, listener } = this.#options;
    const locks = await loadFileLocks(({ reason }) =>
      listener?.({
        type: "warning",
        message: `The database is written without locks that Spack sees: ${reason}`,
      }),
    );
    const additions = items.map((item) => ({ hash: item.node.hash, explicit: item.explicit }));
    await registerInstalls(this.#destination.store, { graph, additions, prefixOf }, { locks });
  }
}

/** A package that is ready, but not yet where it belongs. */
interface Staged {
  readonly directory: string;
  readonly bytes: number;
}
