// Finds the packages of a push that came from a buildcache and have not changed since: their original layers are
// pushed, so they keep their digests.

import type { ContentCache, Target } from "@spack-oci/oci-client";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { fingerprintPrefix, type Store } from "@spack-oci/spack-store";
import { describePackage } from "../events/events.js";
import { asSpackOciError } from "../failures/failure.js";
import { type InstallTree, prefixInTree } from "../install-tree/install-tree.js";
import type { Run } from "../schedule/run.js";
import { type PulledLayer, readPullNote } from "./pulled-layer.js";

/** A layer that need not be packed again. */
export interface ReusableLayer extends PulledLayer {
  /** The target that has it: the destination itself, or the buildcache that it came from. */
  readonly from: Target;
}

/** How to find out where pulled packages came from. */
export interface ReuseSources {
  readonly cache: ContentCache;
  /** Opens the buildcache that a package came from. */
  readonly open: (location: string) => Target;
}

export interface ReuseContext {
  readonly store: Store;
  readonly target: Target;
  readonly graph: SpecGraph;
  /** The buildcache's install tree; layers that were packed for another one cannot be reused. */
  readonly tree: InstallTree | undefined;
  /** The record of where packages came from; if undefined, every package is packed. */
  readonly sources: ReuseSources | undefined;
}

/**
 * Compares each package with its fingerprint; if anything is in doubt, the package is packed again.
 *
 * @returns by DAG hash; has only layers that still exist
 */
export async function findReusableLayers(
  items: readonly { readonly node: SpecNode; readonly prefix: string }[],
  { store, target, graph, tree, sources: remembered }: ReuseContext,
  { scheduler, listener, signal }: Run,
): Promise<ReadonlyMap<string, ReusableLayer>> {
  if (remembered === undefined) return new Map();
  const { cache, open } = remembered;
  const sources = new Map<string, Target>([[target.name, target]]);
  const sourceOf = (location: string): Target => {
    const known = sources.get(location) ?? open(location);
    sources.set(location, known);
    return known;
  };
  const found = items.map((item) =>
    scheduler.request(async (): Promise<[string, ReusableLayer][]> => {
      signal?.throwIfAborted();
      const { hash } = item.node;
      const note = await readPullNote(cache, { root: store.root, hash });
      if (note === undefined || (tree !== undefined && !isOfTree(note, tree, { graph, node: item.node })))
        return [];
      const { fingerprint, ...layer } = note;
      if (!(await hasFingerprint(item.prefix, fingerprint))) return [];
      try {
        for (const from of [target, sourceOf(layer.source)]) {
          if (await from.exists(layer.descriptor, { signal })) return [[hash, { ...layer, from }]];
        }
      } catch (error) {
        signal?.throwIfAborted();
        const { message } = asSpackOciError(error);
        listener?.({
          type: "warning",
          message: `${describePackage(item.node)} is packed again, because its original layer in ${layer.source} could not be checked: ${message}`,
        });
      }
      return [];
    }),
  );
  return new Map((await Promise.all(found)).flat());
}

async function hasFingerprint(prefix: string, fingerprint: string): Promise<boolean> {
  try {
    return (await fingerprintPrefix(prefix)) === fingerprint;
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    // Packing reads the same files, and reports what is wrong with them.
    return false;
  }
}

/** Whether all prefixes that a layer may refer to are in the tree. */
function isOfTree(
  { prefix, root, sbangInstallPath, hashToPrefix }: PulledLayer,
  tree: InstallTree,
  { graph, node }: { readonly graph: SpecGraph; readonly node: SpecNode },
): boolean {
  const isInPlace = ([hash, place]: [string, string]) => {
    const other = graph.get(hash);
    return other !== undefined && prefixInTree(tree, graph, other) === place;
  };
  const { store } = tree;
  return (
    root === store.root &&
    sbangInstallPath === store.sbangPath &&
    prefix === prefixInTree(tree, graph, node) &&
    Object.entries(hashToPrefix).every(isInPlace)
  );
}
