// Fetches a package of a buildcache to disk, to scan it and to pack it for the prefix where it belongs.

import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type OnRefusal, unpackLayer } from "@spack-oci/spack-tarball";
import { examinePackage, moveIntoTree, type RelocatedPackage } from "../../install-tree/relocated-package.js";
import { readPackageImage } from "../../package-image/read-image.js";
import type { RepairContext, RepairItem } from "./plan-repair.js";

export interface MisplacedContext extends RepairContext {
  /** A directory for this package's files. */
  readonly scratch: string;
}

/**
 * Fetches, unpacks and scans a package, and removes it once `use` is done.
 *
 * @throws SpackOciError as `readPackageImage`, `unpackLayer` and `moveIntoTree` do
 */
export async function withMisplaced<T>(
  { tag, node, layer }: RepairItem,
  context: MisplacedContext,
  use: (found: RelocatedPackage) => Promise<T>,
): Promise<T> {
  const { mirror, tree, run } = context;
  const { listener, signal } = run;
  const scratch = await mkdtemp(join(context.scratch, `${node.hash}-`));
  try {
    const { document } = await readPackageImage(mirror, tag, signal);
    listener?.({ type: "step", package: node, step: "fetching", bytes: layer.size });
    const onBytes = (count: number) => listener?.({ type: "bytes", package: node, count });
    const directory = join(scratch, "prefix");
    const stream = await mirror.fetch(layer, { signal, onBytes });
    const { buildInfo, memberPrefix } = await unpackLayer(stream, directory, { onRefusal });
    const { sbangInstallPath, buildPath, hashToPrefix } = buildInfo;
    const from = { prefix: `/${memberPrefix}`, directory, sbangInstallPath, buildPath, hashToPrefix };
    const move = moveIntoTree(tree, { graph: document.graph, node: document.root }, from);
    listener?.({ type: "step", package: node, step: "examining" });
    return await use(await examinePackage(document.root, move, { scratch, listener, signal }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A layer has no times, but modes, which are packed again from the disk. */
const onRefusal: OnRefusal = ({ attribute, cause }) => {
  if (attribute === "mode") throw cause;
};
