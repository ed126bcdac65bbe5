// Runs one pull: takes every planned package from its lock to its record.
//
// claimPrefix -> fetchPackage -> installPackage -> InstallRecorder

import { availableParallelism } from "node:os";
import { reasonOf } from "@spack-oci/errors";
import { freeMemory } from "@spack-oci/files";
import type { Descriptor } from "@spack-oci/oci-client";
import { runtimeClosure, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import {
  type FileLocks,
  type InstallDatabase,
  installSbang,
  removeTree,
  sweepStore,
} from "@spack-oci/spack-store";
import type { OnRefusal } from "@spack-oci/spack-tarball";
import { notFound } from "../../catalog/select-specs.js";
import type { Destination } from "../../destination/destination.js";
import { describePackage, type PackageStep } from "../../events/events.js";
import { warnOfLostIdentities } from "../../events/lost-identities.js";
import { MemoryBudget } from "../../layers/memory-budget.js";
import type { RelocationPlan } from "../../prefix-writing/relocation-plan.js";
import { locationOf } from "../../reuse/location-of.js";
import { noteLayer } from "../../reuse/pulled-layer.js";
import type { Buildcache, Run } from "../../schedule/run.js";
import { type PackageResult, runPackages } from "../../schedule/run-packages.js";
import { countLayerThreads, countThreads } from "../../workers/count-threads.js";
import { WorkerThreads } from "../../workers/worker-threads.js";
import { claimPrefix, type PrefixClaim } from "./claim-prefix.js";
import { type FetchedContent, fetchPackage } from "./fetch-package.js";
import { dropsRpaths, type InstalledPackage, installPackage } from "./install-package.js";
import type { PullItem, PullPlan } from "./plan-pull.js";
import { planRelocation } from "./plan-relocation.js";
import type { PullRequest } from "./pull-request.js";
import { InstallRecorder } from "./record-installs.js";
import { refusalWarner } from "./refusal-warner.js";
import { prepareStaging, sweepStaging } from "./staging.js";

/** Bytes of everything that layers take in memory: those that wait, and those that are being written. */
const MAX_MEMORY = 48 * 1024 * 1024;

/** Bytes of all compressed layers that wait for the dependencies of their packages. */
const MAX_HELD = 32 * 1024 * 1024;

/** Bytes of one of them. A larger layer is unpacked as it arrives, while the network is still busy with it. */
const LARGEST_HELD = 4 * 1024 * 1024;

/** Bytes of what is remembered of files that were written, until their packages are complete. */
const MAX_REMEMBERED = 24 * 1024 * 1024;

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
  readonly #memory = new MemoryBudget(MAX_MEMORY);
  readonly #budget = new MemoryBudget(MAX_HELD, LARGEST_HELD, this.#memory);
  readonly #remembered = new MemoryBudget(MAX_REMEMBERED, MAX_REMEMBERED, this.#memory);
  readonly #threads: WorkerThreads;
  /** For packages that do not fit into memory: they keep their thread until what they run with is in place. */
  readonly #layerThreads: WorkerThreads;
  /** Packages that are being fetched or written. */
  #underWay = 0;

  constructor(work: PullWork) {
    this.#work = work;
    const packages = work.plan.todo.length;
    const { jobs } = work.run.scheduler;
    const processors = availableParallelism();
    this.#threads = new WorkerThreads(countThreads({ packages, jobs, processors }));
    this.#layerThreads = new WorkerThreads(countLayerThreads({ jobs, processors }));
    this.#onRefusal = refusalWarner(work.run.listener, work.destination.store.root);
    this.#recorder = new InstallRecorder(work.destination.store, {
      ...work,
      listener: work.run.listener,
      timeoutSeconds: work.destination.databaseTimeout,
    });
  }

  async run(): Promise<PackageResult[]> {
    this.#threads.warmUp();
    try {
      return await this.#run();
    } finally {
      await Promise.all([this.#threads.stop(), this.#layerThreads.stop()]);
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
      finish: async (item, { staged }) => {
        if (staged === undefined) return undefined;
        return this.#install(item, staged);
      },
      complete: async (item, { staged }) => {
        if (staged !== undefined) await this.#record(item, staged);
      },
      undo: async (item, { staged }) => {
        if (staged !== undefined) await this.#undo(item, staged);
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
    this.#underWay += 1;
    let staged: Staged | undefined;
    try {
      const claim = await claimPrefix(this.#work.destination.store, item, this.#work.locks);
      if (claim === undefined) return undefined;
      staged = await this.#stageClaimed(item, claim);
      return { staged };
    } finally {
      if (staged === undefined) this.#leave();
    }
  }

  /** @returns undefined if another process has installed the package */
  async #stageClaimed(item: PullItem, claim: PrefixClaim): Promise<Staged | undefined> {
    try {
      if (claim.found !== "installed" || item.reinstall) return await this.#stage(item, claim);
    } catch (error) {
      await claim.release();
      throw error;
    }
    await claim.release();
    if (item.explicit) await this.#recorder.markExplicit([item.node.hash]);
    return undefined;
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
        allowance: this.#memory,
        remembered: this.#remembered,
        threads: this.#layerThreads,
        plan,
        permissions: await destination.permissionsOf(item.node.name),
        dropsRpaths: dropsRpaths(item),
        onStep: this.#stepReporter(item),
        onBytes: (count) => listener?.({ type: "bytes", package: item.node, count }),
        onRefusal: this.#onRefusal,
        onIdentitiesLost: (files) => warnOfLostIdentities(listener, item.node, files),
        signal,
      });
      return { directory, ...fetched, claim, plan };
    } catch (error) {
      await this.#drop(item, directory);
      throw error;
    }
  }

  /** Moves a package to its prefix. @returns the size of its layer in bytes */
  async #install(item: PullItem, staged: Staged): Promise<number> {
    const { request, destination, run } = this.#work;
    const { directory, descriptor, content, claim, plan } = staged;
    const { scheduler, signal } = run;
    try {
      staged.installed = await scheduler.finish(async () => {
        signal?.throwIfAborted();
        return installPackage(item, content as FetchedContent, {
          destination,
          plan,
          threads: this.#threads,
          allowance: this.#memory,
          remembered: this.#remembered,
          staging: directory,
          replace: claim.found !== "nothing" || request.force === true,
          onStep: this.#stepReporter(item),
          onRefusal: this.#onRefusal,
          onIdentitiesLost: (files) => warnOfLostIdentities(run.listener, item.node, files),
        });
      });
    } catch (error) {
      await this.#undo(item, staged);
      throw error;
    }
    this.#forgetLayer(staged);
    return descriptor.size;
  }

  /** Records a package; without a record it would count as a leftover. */
  async #record(item: PullItem, staged: Staged): Promise<void> {
    const { hash } = item.node;
    try {
      const recorded = this.#recorder.record({ hash, explicit: item.explicit });
      this.#leave();
      await recorded;
    } catch (error) {
      if (staged.claim.found !== "installed") await this.#drop(item, item.prefix);
      await staged.claim.release();
      throw error;
    }
    await staged.claim.release();
    await this.#note(item, staged);
  }

  async #note(item: PullItem, { descriptor, installed }: Staged): Promise<void> {
    const { mirror, request, destination } = this.#work;
    // The layer of another spec is not the package's own.
    if (request.notes === undefined || installed === undefined || item.builtFrom !== undefined) return;
    const { buildInfo, memberPrefix, diffId, fingerprint } = installed;
    await noteLayer(
      request.notes,
      { root: destination.store.root, hash: item.node.hash },
      {
        source: locationOf(mirror),
        descriptor,
        diffId,
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

  /** Removes what is left of a package that is not installed. */
  async #undo(item: PullItem, staged: Staged): Promise<void> {
    this.#forgetLayer(staged);
    this.#leave();
    await this.#drop(item, staged.directory);
    await staged.claim.release();
  }

  #forgetLayer(staged: Staged): void {
    if (staged.content?.kind === "held") {
      freeMemory(staged.content.bytes);
      this.#budget.give(staged.descriptor.size);
    } else staged.content?.forget();
    staged.content = undefined;
  }

  /** If nothing else is under way, no other record will come soon. */
  #leave(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#recorder.flush();
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

/** A package in progress; if `staged` is undefined, another process has installed it. */
interface Started {
  readonly staged: Staged | undefined;
}

/** A package that is fetched, but not recorded yet. */
interface Staged {
  /** Its staging directory, which need not exist. */
  readonly directory: string;
  readonly descriptor: Descriptor;
  /** Undefined once it is at the prefix. */
  content: FetchedContent | undefined;
  readonly claim: PrefixClaim;
  readonly plan: RelocationPlan;
  /** Set once it is at the prefix. */
  installed?: InstalledPackage;
}
