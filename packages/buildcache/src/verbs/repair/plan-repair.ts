// Finds the packages of a buildcache that are not in its install tree.

import type { Descriptor } from "@spack-oci/oci-client";
import { runtimeClosure, type SpecDocument } from "@spack-oci/spack-spec";
import { findPackages } from "../../catalog/find-packages.js";
import type { PackageName } from "../../events/events.js";
import { asSpackOciError } from "../../failures/failure.js";
import { findingOf } from "../../findings/error-finding.js";
import type { Finding } from "../../findings/finding.js";
import { type InstallTree, prefixInTree } from "../../install-tree/install-tree.js";
import { imagePackages } from "../../package-image/image-packages.js";
import { readPackageImage } from "../../package-image/read-image.js";
import { packageTag } from "../../package-image/tags.js";
import { packageTags } from "../../package-index/scan-tags.js";
import { readPackageOrigin } from "../../provenance/audit-package.js";
import type { PackageOrigin } from "../../provenance/package-origin.js";
import type { Buildcache, Run } from "../../schedule/run.js";

/** A package of the buildcache. */
export interface RepairItem {
  readonly tag: string;
  readonly node: PackageName;
  /** Its own layer before the repair. */
  readonly layer: Descriptor;
  /** Its prefix in the layer; undefined if finding out takes reading all of it. */
  readonly from: string | undefined;
  /** Its prefix in the install tree. */
  readonly to: string;
  /** Whether its own layer has to be packed again; if not, only layers below it. */
  readonly isMisplaced: boolean;
  /** DAG hashes of the packages with a layer in its image, leaves first and itself last. */
  readonly packages: readonly string[];
}

export interface RepairPlan {
  /** Packages whose images change; dependencies before dependents. */
  readonly todo: readonly RepairItem[];
  /** Packages that need no repair. */
  readonly right: readonly RepairItem[];
  /** Packages that could not be read. */
  readonly unread: readonly Finding[];
}

export interface RepairContext {
  readonly mirror: Buildcache;
  readonly tree: InstallTree;
  readonly run: Run;
}

/**
 * @param specs with their link and run dependencies; every package if empty
 * @throws SpackOciError if tags cannot be listed, `ERR_SPEC_NOT_FOUND`, and those of projections
 */
export async function planRepair(specs: readonly string[], context: RepairContext): Promise<RepairPlan> {
  const { scheduler, listener, signal } = context.run;
  const tags = await chosenTags(specs, context);
  listener?.({ type: "planned", todo: tags.length, present: 0, work: "check" });
  const unread: Finding[] = [];
  const read = tags.map((tag) =>
    scheduler.transfer(async () => {
      try {
        return [await readItem(tag, context)];
      } catch (error) {
        signal?.throwIfAborted();
        unread.push(findingOf(tag, asSpackOciError(error), "missing-blob"));
        return [];
      } finally {
        listener?.({ type: "checked", tag });
      }
    }),
  );
  const items = (await Promise.all(read)).flat();
  const misplaced = new Set(items.filter(({ isMisplaced }) => isMisplaced).map(({ node }) => node.hash));
  const isTodo = (item: RepairItem) => item.packages.some((hash) => misplaced.has(hash));
  return {
    // A dependent's image has more packages than that of its dependency.
    todo: items.filter(isTodo).sort((one, other) => one.packages.length - other.packages.length),
    right: items.filter((item) => !isTodo(item)),
    unread,
  };
}

async function chosenTags(specs: readonly string[], context: RepairContext): Promise<readonly string[]> {
  const { mirror, run } = context;
  const tags = await packageTags(mirror, run.signal);
  if (specs.length === 0) return tags;
  const { catalog, chosen } = await findPackages([mirror], { specs }, run);
  const wanted = runtimeClosure(
    catalog.graph,
    chosen.map((node) => node.hash),
  );
  const names = new Set(wanted.map(packageTag));
  return tags.filter((tag) => names.has(tag));
}

async function readItem(tag: string, context: RepairContext): Promise<RepairItem> {
  const { mirror: target, tree, run } = context;
  const { signal } = run;
  const { document, layer } = await readPackageImage(target, tag, signal);
  const { root, graph } = document;
  const { name, version, hash } = root;
  const to = prefixInTree(tree, graph, root);
  const originOf = async (deep: boolean) =>
    (await readPackageOrigin(layer.descriptor, root, { target, deep, signal })).origin;
  let origin = await originOf(false);
  // A package in its place may still refer to one that is not.
  if (origin.prefix === to && origin.install === undefined) origin = await originOf(true);
  return {
    tag,
    node: { name, version, hash },
    layer: layer.descriptor,
    from: origin.prefix,
    to,
    isMisplaced: origin.prefix !== to || !isOfTree(origin, document, tree),
    packages: imagePackages(graph, [hash]).map((node) => node.hash),
  };
}

function isOfTree({ install }: PackageOrigin, { graph }: SpecDocument, tree: InstallTree): boolean {
  if (install?.root !== tree.store.root) return false;
  const places = new Set(
    [...graph.values()]
      .filter((node) => node.external === undefined)
      .map((node) => prefixInTree(tree, graph, node)),
  );
  return install.otherPrefixes.every((prefix) => places.has(prefix));
}
