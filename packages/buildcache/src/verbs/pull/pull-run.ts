// Runs one pull: takes every planned package from its lock to its record.
//
// claimPrefix -> fetchPackage -> installPackage -> InstallRecorder

import { availableParallelism } from "node:os";
import { reasonOf } from "@spack-oci/errors";
import { runtimeClosure, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import { type FileLocks, type InstallDatabase, installSbang, sweepStore } from "@spack-oci/spack-store";
import type { OnRefusal } from "@spack-oci/spack-tarball";
import { notFound } from "../../catalog/select-specs.js";
import type { Destination } from "../../destination/destination.js";
import { describePackage, type PackageStep } from "../../events/events.js";
import { MemoryBudget } from "../../layers/memory-budget.js";
import type { RelocationPlan } from "../../prefix-writing/relocation-plan.js";
import { locationOf } from "../../reuse/location-of.js";
import { noteLayer } from "../../reuse/pulled-layer.js";
import type { Buildcache, Run } from "../../schedule/run.js";
import { type PackageResult, runPackages } from "../../schedule/run-packages.js";
import { WorkerThreads } from "../../workers/worker-threads.js";
import { claimPrefix, type PrefixClaim } from "./claim-prefix.js";
import { type FetchedPackage, fetchPackage } from "./fetch-package.js";
import { type InstalledPackage, installPackage } from "./install-package.js";
import type { PullItem, PullPlan } from "./plan-pull.js";
import { planRelocation } from "./plan-relocation.js";
import type { PullRequest } from "./pull-request.js";
import { InstallRecorder } from "./record-installs.js";
import { refusalWarner } from "./refusal-warner.js";
import { removeTree } from "./remove-tree.js";
import { prepareStaging, sweepStaging } from "./staging.js";

/** Bytes of all compressed layers that wait for the dependencies of their packages. */
const MAX_HELD = 32 * 1024 * 1024;

/** Bytes of one of them. A larger layer is unpacked as it arrives, while the network is still busy with it. */
const LARGEST_HELD = 4 * 1024 * 1024;

/** A planned pull: everything that its steps share. */
export interface PullWork {
  readonly mirror: Buildcache;
  readonly request: PullRequest;
  readonly destination: Destination;
  readonly plan: PullPlan;
  readonly graph: SpecGraph;
  readonly prefixOf: (node: SpecNode) => string;
  /** Whether the package is used in place from an upstream store. */
  readonly isUpstream: (hash: string) => boolean;
  /** As it was when the pull was planned. */
  readonly database: InstallDatabase;
  readonly locks: FileLocks;
  readonly run: Run;
}

/** One pull under way. */
export class PullRun {
  readonly #work: PullWork;
  readonly #recorder: InstallRecorder;
  readonly #onRefusal: OnRefusal;
  readonly #budget = new MemoryBudget(MAX_HELD, LARGEST_HELD);
  readonly #threads: WorkerThreads;

  constructor(work: PullWork) {
    this.#work = work;
    this.#threads = new WorkerThreads(threadsFor(work.plan.todo.length, work.run.scheduler.jobs));
    this.#onRefusal = refusalWarner(work.run.listener, work.destination.store.root);
    this.#recorder = new InstallRecorder(work.destination.store, {
      ...work,
      listener: work.run.listener,
      timeoutSeconds: work.destination.databaseTimeout,
    });
  }

  async run(): Promise<PackageResult[]> {
    try {
      return await this.#run();
    } finally {
      await this.#threads.stop();
    }
  }

  async #run(): Promise<PackageResult[]> {
    const { mirror, plan, database, graph, destination, run } = this.#work;
    const missing = new Set(plan.missing);
    const { store } = destination;
    await sweepStore(store);
    await sweepStaging(
      [...plan.todo, ...plan.present].map((item) => item.prefix),
      (path, { message }) =>
        run.listener?.({
          type: "warning",
          message: `Cannot remove the remains of an interrupted pull: ${message}`,
          place: path,
        }),
    );
    if (plan.todo.length > 0) await installSbang(store.sbangPath, await destination.permissionsOf("all"));
    const wantedNow = plan.present.filter(
      ({ node, explicit }) => explicit && database.records.get(node.hash)?.explicit === false,
    );
    await this.#recorder.markExplicit(wantedNow.map((item) => item.node.hash));
    await this.#recordExternals();
    return runPackages<PullItem, Started>({
      items: [...plan.missing, ...plan.todo],
      nodeOf: (item) => item.node,
      dependenciesOf: (item) => runtimeClosure(graph, [item.node.hash]).map((node) => node.hash),
      reject: (item) => (missing.has(item) ? notFound(describePackage(item.node), mirror.name) : undefined),
      start: (item) => this.#start(item),
      finish: async (item, started) => {
        if (started.staged === undefined) return undefined;
        try {
          await this.#install(item, started.staged);
          return started.staged.fetched.layer.descriptor.size;
        } finally {
          await this.#release(started.staged);
        }
      },
      undo: async (item, { staged }) => {
        if (staged === undefined) return;
        await this.#drop(item, staged.directory);
        await this.#release(staged);
      },
      run,
    });
  }

  /**
   * A root that is external is recorded as explicit, like any other (Spack: installer.py, `_process_external_package`).
   */
  async #recordExternals(): Promise<void> {
    const { plan, database } = this.#work;
    const unrecorded = plan.externals.filter(({ hash }) => database.records.get(hash)?.explicit !== true);
    await Promise.all(unrecorded.map(({ hash }) => this.#recorder.record({ hash, explicit: true })));
  }

  /** Stages a package, unless another process works on it. */
  async #start(item: PullItem): Promise<Started | undefined> {
    this.#work.run.signal?.throwIfAborted();
    const claim = await claimPrefix(this.#work.destination.store, item, this.#work.locks);
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
    const { mirror, destination, run } = this.#work;
    const { listener, signal } = run;
    const plan = planRelocation(item, { ...this.#work, store: destination.store });
    const directory = await prepareStaging(item.prefix, item.node.hash);
    try {
      const fetched = await fetchPackage(item, directory, {
        target: mirror,
        budget: this.#budget,
        plan,
        onStep: this.#stepReporter(item),
        onBytes: (count) => listener?.({ type: "bytes", package: item.node, count }),
        onRefusal: this.#onRefusal,
        signal,
      });
      return { directory, fetched, claim, plan };
    } catch (error) {
      await this.#drop(item, directory);
      throw error;
    }
  }

  /** Moves a package to its prefix and records it; without a record it would count as a leftover. */
  async #install(item: PullItem, { directory, fetched, claim, plan }: Staged): Promise<void> {
    const { mirror, request, destination, run } = this.#work;
    const { force, notes } = request;
    const { scheduler, signal } = run;
    const replace = claim.found !== "nothing" || force === true;
    let installed: InstalledPackage;
    try {
      installed = await scheduler.finish(async () => {
        signal?.throwIfAborted();
        return installPackage(item, fetched, {
          destination,
          plan,
          threads: this.#threads,
          staging: directory,
          replace,
          onStep: this.#stepReporter(item),
          onRefusal: this.#onRefusal,
        });
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
    const { root } = destination.store;
    // The layer of another spec is not the package's own.
    if (notes === undefined || item.builtFrom !== undefined) return;
    const { buildInfo, memberPrefix, fingerprint } = installed;
    await noteLayer(
      notes,
      { root, hash: item.node.hash },
      {
        source: locationOf(mirror),
        ...fetched.layer,
        prefix: `/${memberPrefix}`,
        root: buildInfo.buildPath,
        sbangInstallPath: buildInfo.sbangInstallPath,
        hashToPrefix: Object.fromEntries(buildInfo.hashToPrefix),
        fingerprint,
      },
    );
  }

  #stepReporter({ node }: PullItem): (step: PackageStep, bytes?: number) => void {
    const { listener } = this.#work.run;
    return (step, bytes) =>
      listener?.({ type: "step", package: node, step, ...(bytes === undefined ? {} : { bytes }) });
  }

  /** Lets go of a package's lock, and of its layer if that is in memory. */
  async #release({ fetched: { layer, content }, claim }: Staged): Promise<void> {
    if (content.kind === "held") this.#budget.give(layer.descriptor.size);
    await claim.release();
  }

  /** The reason why a package failed matters more than a failed cleanup. */
  async #drop(item: PullItem, directory: string): Promise<void> {
    try {
      await removeTree(directory);
    } catch (error) {
      const message = `Could not remove the partial installation of ${describePackage(item.node)}: ${reasonOf(error)}`;
      this.#work.run.listener?.({ type: "warning", message, place: directory });
    }
  }
}

/** Packages for each thread. Starting one takes as long as installing a few, and its first ones take longer. */
const PACKAGES_PER_THREAD = 40;

/** @param jobs how many packages may be in flight */
function threadsFor(packages: number, jobs: number): number {
  return Math.min(availableParallelism(), jobs, Math.floor(packages / PACKAGES_PER_THREAD));
}

/** A package in progress; if `staged` is undefined, another process has installed it. */
interface Started {
  readonly staged?: Staged;
}

/** A package that is fetched, but not at its prefix yet. */
interface Staged {
  /** Its staging directory, which need not exist. */
  readonly directory: string;
  readonly fetched: FetchedPackage;
  readonly claim: PrefixClaim;
  readonly plan: RelocationPlan;
}
