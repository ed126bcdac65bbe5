// Looks through all packages of a push before anything is sent, where its mirror has a canonical install tree.

import { SpackOciError } from "@spack-oci/errors";
import type { InstallDatabase, Store } from "@spack-oci/spack-store";
import { describePackage, type Listener } from "../../events/events.js";
import { asSpackOciError } from "../../failures/failure.js";
import {
  type CanonicalPackage,
  canonicalMove,
  examinePackage,
} from "../../install-tree/canonical-package.js";
import type { CanonicalTree } from "../../install-tree/canonical-tree.js";
import {
  blockedPackage,
  type UnrelocatableError,
  unrelocatable,
} from "../../install-tree/unrelocatable-error.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import { installedPackage } from "./pack-package.js";
import type { PushItem } from "./plan-push.js";

/** What a push knows of the packages that it relocates. */
export interface CanonicalPush {
  readonly tree: CanonicalTree;
  /** The packages that can be packed, by DAG hash. */
  readonly packages: ReadonlyMap<string, CanonicalPackage>;
  /** Why others cannot be, by DAG hash. */
  readonly refused: ReadonlyMap<string, SpackOciError>;
  /** What cannot be relocated, if anything. */
  readonly unrelocatable: UnrelocatableError | undefined;
}

/** Where packages are looked through, and who is told. */
export interface ExamineContext {
  readonly store: Store;
  readonly database: InstallDatabase;
  readonly scheduler: Scheduler;
  /** For copies. */
  readonly scratch: string;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws SpackOciError `ERR_CANONICAL_TREE` where two packages would be in one place */
export async function examinePush(
  items: readonly PushItem[],
  tree: CanonicalTree,
  context: ExamineContext,
): Promise<CanonicalPush> {
  const { store, database, scheduler, scratch, listener, signal } = context;
  const moves = items.map((item) => ({
    node: item.node,
    move: canonicalMove(tree, database.graph, item.node, installedPackage(store, database, item)),
  }));
  requireDistinct(moves);
  const packages = new Map<string, CanonicalPackage>();
  const refused = new Map<string, SpackOciError>();
  const examined = moves.map(({ node, move }) =>
    scheduler.heavy(async () => {
      try {
        signal?.throwIfAborted();
        listener?.({ type: "step", package: node, step: "examining" });
        packages.set(node.hash, await examinePackage(node, move, scratch, signal));
      } catch (error) {
        signal?.throwIfAborted();
        const failure = asSpackOciError(error);
        refused.set(node.hash, failure);
        const message = `${describePackage(node)} cannot be looked through: ${failure.message}`;
        listener?.({ type: "warning", message, place: failure.place });
      }
    }),
  );
  await Promise.all(examined);
  // In the order of the plan, whichever was done first.
  const error = unrelocatable(
    tree,
    moves.flatMap(({ node }) => packages.get(node.hash) ?? []),
  );
  if (error !== undefined) listener?.({ type: "unrelocatable", error });
  for (const each of error?.packages ?? []) refused.set(each.package.hash, blockedPackage(each));
  return { tree, packages, refused, unrelocatable: error };
}

function requireDistinct(moves: readonly Pick<CanonicalPackage, "node" | "move">[]): void {
  const places = new Map<string, CanonicalPackage["node"]>();
  for (const { node, move } of moves) {
    const { prefix } = move.to;
    const other = places.get(prefix);
    if (other !== undefined) {
      const message = `${describePackage(node)} and ${describePackage(other)} would both be at ${prefix}.`;
      throw new SpackOciError("ERR_CANONICAL_TREE", message, {
        kind: "usage",
        place: prefix,
        hint: "Give projections with {hash} in them.",
      });
    }
    places.set(prefix, node);
  }
}
