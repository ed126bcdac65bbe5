// Scans all packages of a push before anything is sent, if its buildcache has an install tree.

import { SpackOciError } from "@spack-oci/errors";
import { describePackage } from "../../events/events.js";
import { asSpackOciError } from "../../failures/failure.js";
import type { InstallTree } from "../../install-tree/install-tree.js";
import { examinePackage, moveIntoTree, type RelocatedPackage } from "../../install-tree/relocated-package.js";
import {
  blockedPackage,
  type UnrelocatableError,
  unrelocatable,
} from "../../install-tree/unrelocatable-error.js";
import { installedPackage } from "./pack-package.js";
import type { PushItem } from "./plan-push.js";
import type { PushWork } from "./push-work.js";

/** What a push knows about the packages that it relocates. */
export interface PushRelocation {
  readonly tree: InstallTree;
  /** The packages that can be packed, by DAG hash. */
  readonly packages: ReadonlyMap<string, RelocatedPackage>;
  /** Why the others cannot be packed, by DAG hash. */
  readonly refused: ReadonlyMap<string, SpackOciError>;
  /** The packages that cannot be relocated, if any. */
  readonly unrelocatable: UnrelocatableError | undefined;
}

/** @throws SpackOciError `ERR_CANONICAL_TREE` if two packages would have the same prefix */
export async function examinePush(
  items: readonly PushItem[],
  tree: InstallTree,
  work: PushWork,
): Promise<PushRelocation> {
  const { database, scratch, run } = work;
  const { scheduler, listener, signal } = run;
  const moves = items.map((item) => ({
    node: item.node,
    move: moveIntoTree(tree, { graph: database.graph, node: item.node }, installedPackage(item, work)),
  }));
  requireDistinct(moves);
  const packages = new Map<string, RelocatedPackage>();
  const refused = new Map<string, SpackOciError>();
  const examined = moves.map(({ node, move }) =>
    scheduler.transfer(async () => {
      try {
        signal?.throwIfAborted();
        listener?.({ type: "step", package: node, step: "examining" });
        packages.set(node.hash, await examinePackage(node, move, { scratch, listener, signal }));
      } catch (error) {
        signal?.throwIfAborted();
        const failure = asSpackOciError(error);
        refused.set(node.hash, failure);
        const message = `Could not scan ${describePackage(node)}: ${failure.message}`;
        listener?.({ type: "warning", message, place: failure.place });
      }
    }),
  );
  await Promise.all(examined);
  // In the order of the plan, regardless of which scan finished first.
  const error = unrelocatable(
    tree,
    moves.flatMap(({ node }) => packages.get(node.hash) ?? []),
  );
  if (error !== undefined) listener?.({ type: "unrelocatable", error });
  for (const each of error?.packages ?? []) refused.set(each.package.hash, blockedPackage(each));
  return { tree, packages, refused, unrelocatable: error };
}

function requireDistinct(moves: readonly Pick<RelocatedPackage, "node" | "move">[]): void {
  const places = new Map<string, RelocatedPackage["node"]>();
  for (const { node, move } of moves) {
    const { prefix } = move.to;
    const other = places.get(prefix);
    if (other !== undefined) {
      const message = `${describePackage(node)} and ${describePackage(other)} would both be at ${prefix}.`;
      throw new SpackOciError("ERR_CANONICAL_TREE", message, {
        kind: "usage",
        place: prefix,
        hint: "Use projections with {hash} in them.",
      });
    }
    places.set(prefix, node);
  }
}
