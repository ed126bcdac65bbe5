// Finds out for which install tree a mirror's packages are packed, and makes everybody who pushes to it agree.

import { SpackOciError } from "@spack-oci/errors";
import type { TagLister, Target } from "@spack-oci/oci-client";
import { asSpackOciError } from "../failures/failure.js";
import type { Annotations } from "../package-image/image-manifest.js";
import { indexTag } from "../package-image/tags.js";
import { type MergeIndexOptions, mergeIndex } from "../package-index/merge-index.js";
import { resolveIndex } from "../package-index/read-index.js";
import type { Scheduler } from "../schedule/scheduler.js";
import { type CanonicalTree, describeTree, isSameTree } from "./canonical-tree.js";
import { formatTreeAnnotations, parseTreeAnnotations } from "./tree-annotations.js";

/** What this user's own configuration says of one mirror. */
export interface RememberedTree {
  /** The file, for messages. */
  readonly place: string;
  /** @throws SpackOciError `ERR_MIRROR_SETTINGS` */
  readonly read: () => CanonicalTree | undefined;
  /** Nothing is written where the file says so already. */
  readonly write: (tree: CanonicalTree) => void;
}

/** A tree, and whether the mirror itself knows of it. */
export interface SettledTree {
  readonly tree: CanonicalTree;
  readonly isInMirror: boolean;
}

/**
 * The mirror's own word counts, then that of the user's configuration, then what is asked for now.
 *
 * @param asked what the user wants on this occasion
 * @returns undefined where packages are packed as they are
 * @throws SpackOciError `ERR_CANONICAL_TREE_CONFLICT` (`usage`) where something else is asked for than was settled before
 */
export async function settleTree(
  target: Target,
  asked: CanonicalTree | undefined,
  remembered: RememberedTree | undefined,
  signal?: AbortSignal,
): Promise<SettledTree | undefined> {
  const index = await resolveIndex(target, signal);
  const inMirror = parseTreeAnnotations(index?.annotations ?? new Map(), placeOf(target));
  if (inMirror !== undefined) {
    if (asked !== undefined && !isSameTree(asked, inMirror)) throw conflict(target.name, inMirror, asked);
    return { tree: inMirror, isInMirror: true };
  }
  const known = remembered?.read();
  if (asked !== undefined && known !== undefined && !isSameTree(asked, known)) {
    throw conflict(`${target.name} (${remembered?.place})`, known, asked);
  }
  const tree = asked ?? known;
  return tree && { tree, isInMirror: false };
}

/**
 * Writes down what was settled, in the mirror and in the user's configuration, where it does not stand there yet. The mirror's
 * word is what counts, so that a configuration that cannot be written is warned of.
 *
 * @throws SpackOciError `ERR_CANONICAL_TREE_CONFLICT` where another pusher settled something else in the meantime, and as
 *   `mergeIndex` does
 */
export async function agreeOnTree(
  target: Target & TagLister,
  scheduler: Scheduler,
  { tree, isInMirror }: SettledTree,
  remembered: RememberedTree | undefined,
  options: MergeIndexOptions = {},
): Promise<void> {
  const change = { annotate: annotateTree(target, tree) };
  if (!isInMirror) await mergeIndex(target, scheduler, change, { ...options, create: true });
  try {
    remembered?.write(tree);
  } catch (error) {
    const { message } = asSpackOciError(error);
    const warning = `The canonical install tree of ${target.name} is not kept in ${remembered?.place}: ${message}`;
    options.listener?.({ type: "warning", message: warning, place: remembered?.place });
  }
}

/** For `mergeIndex`: adds the tree to what is said of an index. It throws where that names another one. */
export function annotateTree(target: Target, tree: CanonicalTree): (annotations: Annotations) => Annotations {
  return (annotations) => {
    const other = parseTreeAnnotations(annotations, placeOf(target));
    if (other === undefined) return new Map([...annotations, ...formatTreeAnnotations(tree)]);
    if (!isSameTree(tree, other)) throw conflict(target.name, other, tree);
    return annotations;
  };
}

function placeOf(target: Target): string {
  return `${target.name}:${indexTag}`;
}

function conflict(place: string, settled: CanonicalTree, asked: CanonicalTree): SpackOciError {
  const message = `The packages of ${place} are relocated to another install tree than this one:\n  there: ${describeTree(settled)}\n  asked: ${describeTree(asked)}`;
  return new SpackOciError("ERR_CANONICAL_TREE_CONFLICT", message, {
    kind: "usage",
    place,
    hint: "Leave these options out to push for that tree, or push to another mirror.",
  });
}
