// Brings a fetched package into its staging directory as Spack leaves it after an install, and moves it to its prefix.

import { isSpackOciError } from "@spack-oci/errors";
import { isInstalled, isStoreSlow, removeTree } from "@spack-oci/spack-store";
import { type Allowance, type BuildInfo, type OnRefusal, openArchive } from "@spack-oci/spack-tarball";
import type { Destination } from "../../destination/destination.js";
import type { PackageStep } from "../../events/events.js";
import type { RelocationPlan } from "../../prefix-writing/relocation-plan.js";
import { type StagedPackage, stagePackage } from "../../prefix-writing/stage-package.js";
import {
  type Unwritten,
  type WriteTask,
  type WrittenPackage,
  writePackage,
} from "../../prefix-writing/write-package.js";
import type { WorkerThreads } from "../../workers/worker-threads.js";
import type { FetchedContent, HeldLayer } from "./fetch-package.js";
import type { PullItem } from "./plan-pull.js";
import { publish } from "./staging.js";

export interface InstallContext {
  readonly destination: Destination;
  readonly plan: RelocationPlan;
  readonly threads: WorkerThreads;
  /** For packages that are not written at once. */
  readonly allowance: Allowance;
  /** For what is remembered of their files. */
  readonly remembered: Allowance;
  readonly staging: string;
  /** Whether to replace what exists at the prefix. */
  readonly replace: boolean;
  readonly onStep: (step: PackageStep) => void;
  readonly onRefusal: OnRefusal;
  readonly onIdentitiesLost: (files: readonly string[]) => void;
}

export interface InstalledPackage {
  readonly buildInfo: BuildInfo;
  readonly memberPrefix: string;
  /** The digest of the decompressed layer. */
  readonly diffId: string;
  /** Taken just before the prefix is published. */
  readonly fingerprint: string;
}

/**
 * Call once the run dependencies of the package are in place. The steps are Spack's hooks (Spack: hooks/__init__.py).
 */
export async function installPackage(
  item: PullItem,
  content: FetchedContent,
  context: InstallContext,
): Promise<InstalledPackage> {
  const { staging, replace } = context;
  const installed =
    content.kind === "held"
      ? await installHeld(item, content, context)
      : await finish(item, content, context);
  try {
    await publish(staging, item.prefix, replace);
  } catch (error) {
    // Another installer may have been faster with the same package.
    if (!isSpackOciError(error, "conflict") || !(await isInstalled(item.prefix, item.node.hash))) throw error;
    await removeTree(staging);
  }
  return installed;
}

async function installHeld(
  item: PullItem,
  { bytes, seconds, expected }: HeldLayer,
  context: InstallContext,
): Promise<InstalledPackage> {
  const { destination, plan, staging, onStep, onRefusal } = context;
  onStep("relocating");
  const { name, hash } = item.node;
  const task: WriteTask = {
    name,
    hash,
    staging,
    finalPrefix: item.prefix,
    plan,
    permissions: await destination.permissionsOf(name),
    dropsRpaths: dropsRpaths(item),
    fetchSeconds: seconds,
    expected,
  };
  const written = await write(bytes, task, context.threads);
  if (written === "too-large") {
    const staged = await stagePackage(openArchive(streamOf(bytes), context.allowance), staging, {
      ...context,
      ...task,
      onUnpacked: () => {},
    });
    try {
      return await finish(item, staged, context);
    } finally {
      staged.forget();
    }
  }
  onStep("installing");
  for (const refusal of written.refusals) onRefusal(refusal);
  context.onIdentitiesLost(written.lostIdentities);
  return written;
}

/** As many as Node's thread pool has: on a network file system, each waits most of the time. */
const THREADS_OF_SLOW_STORE = 4;

async function write(
  bytes: Buffer,
  task: WriteTask,
  threads: WorkerThreads,
): Promise<WrittenPackage | Unwritten> {
  // Writing here would keep the network, progress and interruptions waiting.
  if (isStoreSlow()) threads.allowAtLeast(THREADS_OF_SLOW_STORE);
  if (threads.areAvailable) return threads.run("writePackage", { args: [bytes, task], place: placeOf(task) });
  return writePackage(bytes, task);
}

function placeOf({ name, hash }: WriteTask): string {
  return `${name}/${hash.slice(0, 7)}`;
}

async function finish(
  item: PullItem,
  staged: StagedPackage,
  { destination, onStep }: InstallContext,
): Promise<InstalledPackage> {
  onStep("installing");
  const { name, hash } = item.node;
  const fingerprint = await staged.finish({
    name,
    hash,
    finalPrefix: item.prefix,
    sbangPath: destination.store.sbangPath,
    platform: item.node.architecture?.platform,
    permissions: await destination.permissionsOf(name),
  });
  const { buildInfo, memberPrefix, diffId } = staged;
  return { buildInfo, memberPrefix, diffId, fingerprint };
}

/** Spack drops run paths that do not exist only on Linux. */
export function dropsRpaths({ node }: PullItem): boolean {
  return node.architecture?.platform === "linux";
}

async function* streamOf(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield bytes;
}
