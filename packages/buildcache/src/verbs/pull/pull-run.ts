// One pull under way: every planned package from its lock to its record.
//
// claimPrefix -> fetchPackage (fetch, verify, unpack, relocate) -> installPackage -> InstallRecorder

import type { ContentCache, Target } from "@spack-oci/oci-client";
import { runtimeClosure, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import { type FileLocks, type InstallDatabase, installSbang, sweepStore } from "@spack-oci/spack-store";
import { notFound } from "../../catalog/select-specs.js";
import type { Destination } from "../../destination/destination.js";
import { describePackage, type Listener } from "../../events/events.js";
import { noteLayer } from "../../reuse/pulled-layer.js";
import { type PackageResult, runPackages } from "../../schedule/run-packages.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import { claimPrefix, type PrefixClaim } from "./claim-prefix.js";
import { type FetchedPackage, fetchPackage } from "./fetch-package.js";
import { installPackage } from "./install-package.js";
import type { PullItem, PullPlan } from "./plan-pull.js";
import { InstallRecorder } from "./record-installs.js";
import { removeTree } from "./remove-tree.js";
import { prepareStaging, sweepStaging } from "./staging.js";

export interface PullContext {
  /** Install the named packages again where they are there. */
  readonly force?: boolean | undefined;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly graph: SpecGraph;
  readonly prefixOf: (node: SpecNode) => string;
  /** Whether another store has a package, which this one uses there. */
  readonly isUpstream: (hash: string) => boolean;
  /** As it was when the pull was planned. */
  readonly database: InstallDatabase;
  readonly locks: FileLocks;
  /** Where it is noted which layers packages came in. */
  readonly notes?: ContentCache | undefined;
}

/** One pull under way. */
export class PullRun {
  readonly #target: Target;
  readonly #destination: Destination;
  readonly #scheduler: Scheduler;
  readonly #context: PullContext;
  readonly #recorder: InstallRecorder;

  constructor(target: Target, destination: Destination, scheduler: Scheduler, context: PullContext) {
    this.#target = target;
    this.#destination = destination;
    this.#scheduler = scheduler;
    this.#context = context;
    this.#recorder = new InstallRecorder(destination.store, {
      ...context,
      timeoutSeconds: destination.databaseTimeout,
    });
  }

  async packages(plan: PullPlan): Promise<PackageResult[]> {
    const { database, graph, listener, signal } = this.#context;
    const missing = new Set(plan.missing);
    const store = this.#destination.store;
    await sweepStore(store);
    await sweepStaging([...plan.todo, ...plan.present].map((item) => item.prefix));
    if (plan.todo.length > 0)
      await installSbang(store.sbangPath, await this.#destination.permissionsOf("all"));
    const wantedNow = plan.present.filter(
      ({ node, explicit }) => explicit && database.records.get(node.hash)?.explicit === false,
    );
    await this.#recorder.markExplicit(wantedNow.map((item) => item.node.hash));
    return runPackages<PullItem, Started>({
      items: [...plan.missing, ...plan.todo],
      nodeOf: (item) => item.node,
      dependenciesOf: (item) => runtimeClosure(graph, [item.node.hash]).map((node) => node.hash),
      refuse: (item) =>
        missing.has(item) ? notFound(describePackage(item.node), this.#target.name) : undefined,
      start: (item) => this.#start(item),
      finish: async (item, started) => {
        if (started.staged === undefined) return undefined;
        try {
          await this.#install(item, started.staged);
          return started.staged.fetched.bytes;
        } finally {
          await started.staged.claim.release();
        }
      },
      undo: async (item, { staged }) => {
        if (staged === undefined) return;
        await this.#drop(item, staged.directory);
        await staged.claim.release();
      },
      scheduler: this.#scheduler,
      listener,
      signal,
    });
  }

  /** Stages a package, unless another process works on it. */
  async #start(item: PullItem): Promise<Started | undefined> {
    this.#context.signal?.throwIfAborted();
    const claim = await claimPrefix(this.#destination.store, item, this.#context.locks);
    if (claim === undefined) return undefined;
    try {
      if (claim.found !== "installed" || item.reinstall) return { staged: await this.#stage(item, claim) };
    } catch (error) {
      await claim.release();
      throw error;
    }
    await claim.release();
    if (item.explicit) await this.#recorder.markExplicit([item.node.hash]);
    return {};
  }

  async #stage(item: PullItem, claim: PrefixClaim): Promise<Staged> {
    const { graph, prefixOf, listener, signal } = this.#context;
    const directory = await prepareStaging(item.prefix, item.node.hash);
    try {
      const fetched = await fetchPackage(item, directory, {
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
      return { directory, fetched, claim };
    } catch (error) {
      await this.#drop(item, directory);
      throw error;
    }
  }

  /** Puts a package in its place and records it; without its record it would be no more than a leftover. */
  async #install(item: PullItem, { directory, fetched, claim }: Staged): Promise<void> {
    const { force, notes, listener, signal } = this.#context;
    const replace = claim.found !== "nothing" || force === true;
    let fingerprint: string;
    try {
      fingerprint = await this.#scheduler.closing(async () => {
        listener?.({ type: "step", package: item.node, step: "installing" });
        signal?.throwIfAborted();
        return installPackage(item, directory, this.#destination, { replace, seconds: fetched.seconds });
      });
    } catch (error) {
      await this.#drop(item, directory);
      throw error;
    }
    try {
      await this.#recorder.record({ hash: item.node.hash, explicit: item.explicit });
    } catch (error) {
      if (claim.found !== "installed") await this.#drop(item, item.prefix);
      throw error;
    }
    const { root } = this.#destination.store;
    if (notes !== undefined) await noteLayer(notes, root, item.node.hash, { ...fetched.origin, fingerprint });
  }

  /** Why a package failed matters more than that what there is of it cannot be removed. */
  async #drop(item: PullItem, directory: string): Promise<void> {
    try {
      await removeTree(directory);
    } catch (error) {
      const message = `What there is of ${describePackage(item.node)} cannot be removed: ${(error as Error).message}`;
      this.#context.listener?.({ type: "warning", message, place: directory });
    }
  }
}

/** A package on its way; without `staged` another process has installed it. */
interface Started {
  readonly staged?: Staged;
}

/** A package that is ready, but not yet where it belongs. */
interface Staged {
  readonly directory: string;
  readonly fetched: FetchedPackage;
  readonly claim: PrefixClaim;
}
