// The verb pull: packages of a buildcache become prefixes of a store.
//
// planPull -> fetchPackage (fetch, verify, unpack, relocate) -> installPackage -> registerInstalls

import type { Target } from "@spack-oci/oci-client";
import {
  installSbang,
  loadFileLocks,
  readInstallDatabase,
  registerInstalls,
  runtimeClosure,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-store";
import { describePackage, type Listener } from "../events.js";
import { type PackageResult, runPackages } from "../schedule/run-packages.js";
import type { Scheduler } from "../schedule/scheduler.js";
import { notFound, selectSpecs } from "../select/select-specs.js";
import { readCatalogue } from "./catalogue.js";
import { type Destination, installedAmong, prefixIn } from "./destination.js";
import { fetchPackage } from "./fetch-package.js";
import { installPackage } from "./install-package.js";
import { type PullItem, type PullPlan, planPull } from "./plan-pull.js";
import { prepareStaging, removeTree } from "./staging.js";

export interface PullOptions {
  /** Install the named packages again where they are there. */
  readonly force?: boolean | undefined;
  /** Plan, and stop. */
  readonly dryRun?: boolean | undefined;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PullResult {
  readonly plan: PullPlan;
  /** One for each package that was to be pulled or is missing; empty after a dry run. */
  readonly packages: readonly PackageResult[];
}

/**
 * Pulls the packages that the arguments name, all without arguments, with what they link and run with.
 *
 * A prefix becomes visible only when it is complete, and gets its database record after that. A package that fails leaves
 * nothing behind; those that need it are skipped, all others are installed.
 *
 * @throws SpackOciError where the buildcache does not answer, an argument names nothing, or the database cannot be written
 */
export async function pull(
  target: Target,
  destination: Destination,
  scheduler: Scheduler,
  specArguments: readonly string[],
  options: PullOptions = {},
): Promise<PullResult> {
  const { listener } = options;
  const [catalogue, database] = await Promise.all([
    readCatalogue(target, scheduler, options),
    readInstallDatabase(destination.store),
  ]);
  const roots = selectSpecs(catalogue.packages, specArguments, target.name).map((node) => node.hash);
  const prefixOf = prefixIn(destination, database, catalogue.graph);
  const installed = await installedAmong(runtimeClosure(catalogue.graph, roots), prefixOf);
  const plan = planPull({
    catalogue,
    roots,
    named: specArguments.length > 0,
    prefixOf,
    isInstalled: (node) => installed.has(node.hash),
    force: options.force ?? false,
  });
  listener?.({ type: "planned", todo: plan.todo.length, present: plan.present.length });
  if (options.dryRun === true) return { plan, packages: [] };

  const run = new PullRun(target, destination, scheduler, { ...options, graph: catalogue.graph, prefixOf });
  return { plan, packages: await run.packages(plan) };
}

interface RunOptions extends PullOptions {
  readonly graph: SpecGraph;
  readonly prefixOf: (node: SpecNode) => string;
}

/** One pull under way. */
class PullRun {
  readonly #target: Target;
  readonly #destination: Destination;
  readonly #scheduler: Scheduler;
  readonly #options: RunOptions;

  constructor(target: Target, destination: Destination, scheduler: Scheduler, options: RunOptions) {
    this.#target = target;
    this.#destination = destination;
    this.#scheduler = scheduler;
    this.#options = options;
  }

  async packages(plan: PullPlan): Promise<PackageResult[]> {
    const { graph, listener, signal } = this.#options;
    const missing = new Set(plan.missing);
    const installed = new Set(plan.present);
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
        undo: (_item, staged) => removeTree(staged.directory),
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
      await removeTree(directory);
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
      await removeTree(staged.directory);
      throw error;
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
