// Installs a layer that is in memory into a staging directory: decompresses, unpacks and relocates it, and writes each
// of its files once. Its arguments and results are plain data, so that it can run in any thread.

import { hash } from "node:crypto";
import { freeMemory } from "@spack-oci/files";
import { formatInstallTimes, type PackagePermissions, writePrefix } from "@spack-oci/spack-store";
import {
  type BuildInfo,
  decompressWhole,
  lookUpInMemory,
  type Refusal,
  redundantRpathDropper,
  relocateInMemory,
  relocationMap,
  unpackInMemory,
  withText,
} from "@spack-oci/spack-tarball";
import { type ExpectedLayer, requireDiffId, requireOwnSpec } from "./expected-layer.js";
import { installTimes } from "./install-times.js";
import type { RelocationPlan } from "./relocation-plan.js";
import { SPEC_PATH } from "./spliced-spec.js";

/** What is to be written, and where. */
export interface WriteTask {
  readonly name: string;
  /** DAG hash. */
  readonly hash: string;
  /** A directory that does not exist yet; after an error its content is undefined. */
  readonly staging: string;
  readonly finalPrefix: string;
  readonly plan: RelocationPlan;
  readonly permissions: PackagePermissions;
  /** Whether run paths that do not exist are dropped, as on Linux. */
  readonly dropsRpaths: boolean;
  /** How long fetching took. */
  readonly fetchSeconds: number;
  /** What its image says about the layer. */
  readonly expected: ExpectedLayer;
  /** Bytes of a decompressed layer that fit into memory. */
  readonly maxArchive?: number;
}

export interface WrittenPackage {
  readonly buildInfo: BuildInfo;
  readonly memberPrefix: string;
  readonly fingerprint: string;
  /** The digest of the decompressed layer. */
  readonly diffId: string;
  /** One of each kind. */
  readonly refusals: readonly Refusal[];
  /** Files that were signed with an identity, and are signed ad hoc now. */
  readonly lostIdentities: readonly string[];
}

/** Why nothing was written: the layer is too large when it is decompressed. */
export type Unwritten = "too-large";

/** Bytes of a decompressed layer: one is in memory at a time in each thread. */
const MAX_ARCHIVE = 20 * 1024 * 1024;

/**
 * Call once the run dependencies of the package are in place.
 *
 * @param layer the compressed layer, whose digest is verified; it is used up once the package is written
 * @throws SpackOciError as `requireDiffId`, `requireOwnSpec`, `decompressWhole`, `unpackInMemory`, `relocateInMemory`
 *   and `writePrefix` do; nothing was written if the layer is not the expected one
 */
export async function writePackage(layer: Buffer, task: WriteTask): Promise<WrittenPackage | Unwritten> {
  const { name, staging, finalPrefix, plan, permissions } = task;
  const began = performance.now();
  const archive = await decompressWhole(layer, task.maxArchive ?? MAX_ARCHIVE);
  if (archive === undefined) return "too-large";
  // Relocation changes the archive in place.
  const diffId = `sha256:${hash("sha256", archive)}`;
  requireDiffId(diffId, task.expected);
  const unpacked = unpackInMemory(archive, staging);
  const { buildInfo, memberPrefix } = unpacked;
  requireOwnSpec(specOf(unpacked), task.expected);
  const unpackedAt = performance.now();
  const lostIdentities: string[] = [];
  const relocated = relocateInMemory(unpacked.tree, buildInfo, {
    map: relocationMap(buildInfo, plan),
    platform: plan.platform,
    onIdentityLost: (file) => lostIdentities.push(file),
  });
  const { splicedSpec } = plan;
  const tree = splicedSpec === undefined ? relocated : withText(relocated, SPEC_PATH, splicedSpec);
  const refusals = new Map<Refusal["attribute"], Refusal>();
  const fingerprint = writePrefix(staging, tree, {
    finalPrefix,
    permissions,
    sbangPath: plan.sbangInstallPath,
    platform: plan.platform,
    changeFile: task.dropsRpaths ? redundantRpathDropper(lookUpInMemory(tree), finalPrefix) : undefined,
    installTimes: () =>
      formatInstallTimes(
        installTimes(
          { name, hash: task.hash },
          {
            unpacking: task.fetchSeconds + (unpackedAt - began) / 1000,
            relocating: (performance.now() - unpackedAt) / 1000,
          },
        ),
      ),
    onRefusal: (refusal) => refusals.set(refusal.attribute, refusal),
  });
  freeMemory(archive);
  return {
    buildInfo,
    memberPrefix,
    fingerprint,
    diffId,
    refusals: [...refusals.values()],
    lostIdentities,
  };
}

/** The text of the spec in a layer, if it has one. */
function specOf({ tree }: ReturnType<typeof unpackInMemory>): string | undefined {
  const entry = tree.get(SPEC_PATH);
  return entry?.type === "file" ? entry.file.content.bytes.toString("utf8") : undefined;
}
