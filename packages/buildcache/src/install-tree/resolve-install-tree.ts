// Finds out for which install tree a mirror's packages are packed, and makes everybody who pushes to it agree.

import { SpackOciError } from "@spack-oci/errors";
import type { Target } from "@spack-oci/oci-client";
import { asSpackOciError } from "../failures/failure.js";
import type { Annotations } from "../package-image/image-manifest.js";
import { INDEX_TAG } from "../package-image/tags.js";
import { mergeIndex } from "../package-index/merge-index.js";
import { resolveIndex } from "../package-index/read-index.js";
import type { Buildcache, Run } from "../schedule/run.js";
import { describeInstallTree, type InstallTree, isSameInstallTree } from "./install-tree.js";
import { formatInstallTreeAnnotations, parseInstallTreeAnnotations } from "./tree-annotations.js";

/** What this user's own configuration says of one mirror. */
export interface RememberedInstallTree {
  /** The file, for messages. */
  readonly place: string;
  /** @throws SpackOciError `ERR_MIRROR_SETTINGS` */
  readonly read: () => InstallTree | undefined;
  /** Nothing is written where the file says so already. */
  readonly write: (tree: InstallTree) => void;
}

/** Who may name an install tree besides the buildcache itself. */
export interface InstallTreeSources {
  /** The tree requested for this run. */
  readonly asked?: InstallTree | undefined;
  readonly remembered?: RememberedInstallTree | undefined;
}

/** A tree, and whether the mirror itself knows of it. */
export interface ResolvedInstallTree {
  readonly tree: InstallTree;
  readonly isInMirror: boolean;
}

/**
 * The mirror's own word counts, then that of the user's configuration, then what is asked for now.
 *
 * @returns undefined where packages are packed as they are
 * @throws SpackOciError `ERR_CANONICAL_TREE_CONFLICT` (`usage`) where something else is asked for than was settled before
 */
export async function resolveInstallTree(
  target: Target,
  { asked, remembered }: InstallTreeSources,
  signal?: AbortSignal,
): Promise<ResolvedInstallTree | undefined> {
  const index = await resolveIndex(target, signal);
  const inMirror = parseInstallTreeAnnotations(index?.annotations ?? new Map(), placeOf(target));
  if (inMirror !== undefined) {
    if (asked !== undefined && !isSameInstallTree(asked, inMirror))
      throw conflict(target.name, inMirror, asked);
    return { tree: inMirror, isInMirror: true };
  }
  const known = remembered?.read();
  if (asked !== undefined && known !== undefined && !isSameInstallTree(asked, known)) {
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
export async function publishInstallTree(
  target: Buildcache,
  { tree, isInMirror, remembered }: ResolvedInstallTree & Pick<InstallTreeSources, "remembered">,
  run: Run,
): Promise<void> {
  const annotate = annotateInstallTree(target, tree);
  if (!isInMirror) await mergeIndex(target, { annotate, create: true }, run);
  try {
    remembered?.write(tree);
  } catch (error) {
    const { message } = asSpackOciError(error);
    const warning = `The canonical install tree of ${target.name} is not kept in ${remembered?.place}: ${message}`;
    run.listener?.({ type: "warning", message: warning, place: remembered?.place });
  }
}

/** For `mergeIndex`: adds the tree to what is said of an index. It throws where that names another one. */
export function annotateInstallTree(
  target: Target,
  tree: InstallTree,
): (annotations: Annotations) => Annotations {
  return (annotations) => {
    const other = parseInstallTreeAnnotations(annotations, placeOf(target));
    if (other === undefined) return new Map([...annotations, ...formatInstallTreeAnnotations(tree)]);
    if (!isSameInstallTree(tree, other)) throw conflict(target.name, other, tree);
    return annotations;
  };
}

function placeOf(target: Target): string {
  return `${target.name}:${INDEX_TAG}`;
}

function conflict(place: string, settled: InstallTree, asked: InstallTree): SpackOciError {
  const message = `The packages of ${place} are relocated to another install tree than this one:\n  there: ${describeInstallTree(settled)}\n  asked: ${describeInstallTree(asked)}`;
  return new SpackOciError("ERR_CANONICAL_TREE_CONFLICT", message, {
    kind: "usage",
    place,
    hint: "Leave these options out to push for that tree, or push to another mirror.",
  });
}
