// Installs a layer that is in memory into a staging directory: decompresses, unpacks and relocates it, and writes each
// of its files once. Its arguments and results are plain data, so that it can run in any thread.

import { hash } from "node:crypto";
import { parseSpecDocument, rootHash } from "@spack-oci/spack-spec";
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
import { type ExpectedSpec, requireSpec, wrongPackage } from "../package-image/require-spec.js";
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
  /** The spec that the layer should have, which is the one that was built if the package is spliced. */
  readonly expected?: ExpectedSpec;
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
}

/** Bytes of a decompressed layer: one is in memory at a time in each thread. */
const MAX_ARCHIVE = 20 * 1024 * 1024;

/**
 * Call once the run dependencies of the package are in place.
 *
 * @param layer the compressed layer, whose digest is verified
 * @returns undefined if the layer is too large when it is decompressed; nothing was written, or will be from it
 * @throws SpackOciError `ERR_WRONG_PACKAGE` if the layer is another package's, and as `decompressWhole`, `unpackInMemory`, `relocateInMemory` and `writePrefix` do
 */
export async function writePackage(layer: Buffer, task: WriteTask): Promise<WrittenPackage | undefined> {
  const { name, staging, finalPrefix, plan, permissions } = task;
  const began = performance.now();
  const archive = await decompressWhole(layer, task.maxArchive ?? MAX_ARCHIVE);
  if (archive === undefined) return undefined;
  // Relocation changes the archive in place.
  const diffId = `sha256:${hash("sha256", archive)}`;
  const unpacked = unpackInMemory(archive, staging);
  const { buildInfo, memberPrefix } = unpacked;
  if (task.expected !== undefined) requireSpecIn(unpacked, task.expected);
  const unpackedAt = performance.now();
  const relocated = relocateInMemory(unpacked.tree, buildInfo, relocationMap(buildInfo, plan));
  const { splicedSpec } = plan;
  const tree = splicedSpec === undefined ? relocated : withText(relocated, SPEC_PATH, splicedSpec);
  const refusals = new Map<Refusal["attribute"], Refusal>();
  const fingerprint = writePrefix(staging, tree, {
    finalPrefix,
    permissions,
    sbangPath: plan.sbangInstallPath,
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
  return { buildInfo, memberPrefix, fingerprint, diffId, refusals: [...refusals.values()] };
}

type PackageInMemory = ReturnType<typeof unpackInMemory>;

/** The config of the image says the same, but what is in the prefix is what counts, and needs no other request. */
function requireSpecIn({ tree }: PackageInMemory, expected: ExpectedSpec): void {
  const entry = tree.get(SPEC_PATH);
  if (entry?.type !== "file") throw wrongPackage(`a package without ${SPEC_PATH}`, expected);
  const text = entry.file.content.bytes.toString("utf8");
  if (rootHash(text, expected.place) !== expected.hash)
    requireSpec(parseSpecDocument(text, expected.place).root, expected);
}
