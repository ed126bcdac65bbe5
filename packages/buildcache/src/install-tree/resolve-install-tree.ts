// Decides which install tree a buildcache's packages are packed for, and makes all pushers agree on it.

import { SpackOciError } from "@spack-oci/errors";
import type { Target } from "@spack-oci/oci-client";
import { asSpackOciError } from "../failures/failure.js";
import type { Annotations } from "../package-image/image-manifest.js";
import { INDEX_TAG } from "../package-image/tags.js";
import { mergeIndex } from "../package-index/merge-index.js";
import { resolveIndex } from "../package-index/read-index.js";
import type { Buildcache, Run } from "../schedule/run.js";
import type { ImageSigner } from "../trust/image-signer.js";
import { describeInstallTree, type InstallTree, isSameInstallTree } from "./install-tree.js";
import { formatInstallTreeAnnotations, parseInstallTreeAnnotations } from "./tree-annotations.js";

/** The install tree that the user's configuration has for one buildcache. */
export interface RememberedInstallTree {
  /** The file, for messages. */
  readonly place: string;
  /** @throws SpackOciError `ERR_MIRROR_SETTINGS` */
  readonly read: () => InstallTree | undefined;
  /** Writes nothing if the file already has this tree. */
  readonly write: (tree: InstallTree) => void;
}

/** Where an install tree can come from, besides the buildcache itself. */
export interface InstallTreeSources {
  /** The tree requested for this run. */
  readonly requested?: InstallTree | undefined;
  readonly remembered?: RememberedInstallTree | undefined;
}

/** A tree to record, and who signs the index that records it. */
export interface InstallTreePublication extends ResolvedInstallTree, Pick<InstallTreeSources, "remembered"> {
  readonly signer?: ImageSigner | undefined;
}

/** A tree, and whether the buildcache itself records it. */
export interface ResolvedInstallTree {
  readonly tree: InstallTree;
  readonly isInMirror: boolean;
}

/**
 * The tree recorded in the buildcache counts first, then the user's configuration, then the request.
 *
 * @returns undefined if packages are packed as they are
 * @throws SpackOciError `ERR_CANONICAL_TREE_CONFLICT` (`usage`) if the request differs from what is recorded
 */
export async function resolveInstallTree(
  target: Target,
  { requested, remembered }: InstallTreeSources,
  signal?: AbortSignal,
): Promise<ResolvedInstallTree | undefined> {
  const index = await resolveIndex(target, signal);
  const inMirror = parseInstallTreeAnnotations(index?.annotations ?? new Map(), placeOf(target));
  if (inMirror !== undefined) {
    if (requested !== undefined && !isSameInstallTree(requested, inMirror))
      throw conflict(target.name, inMirror, requested);
    return { tree: inMirror, isInMirror: true };
  }
  const known = remembered?.read();
  if (requested !== undefined && known !== undefined && !isSameInstallTree(requested, known)) {
    throw conflict(`${target.name} (${remembered?.place})`, known, requested);
  }
  const tree = requested ?? known;
  return tree && { tree, isInMirror: false };
}

/**
 * Records the tree in the buildcache and in the user's configuration, if they do not have it yet. The buildcache's
 * record is the one that counts, so an unwritable configuration only causes a warning.
 *
 * @throws SpackOciError `ERR_CANONICAL_TREE_CONFLICT` if another pusher recorded a different tree in the meantime,
 *   and as `mergeIndex` does
 */
export async function publishInstallTree(
  target: Buildcache,
  { tree, isInMirror, remembered, signer }: InstallTreePublication,
  run: Run,
): Promise<void> {
  const annotate = annotateInstallTree(target, tree);
  if (!isInMirror) await mergeIndex(target, { annotate, create: true, signer }, run);
  try {
    remembered?.write(tree);
  } catch (error) {
    const { message } = asSpackOciError(error);
    const warning = `Could not record the install tree of ${target.name} in ${remembered?.place}: ${message}`;
    run.listener?.({ type: "warning", message: warning, place: remembered?.place });
  }
}

/** For `mergeIndex`: adds the tree to the annotations of an index. Throws if they name another tree. */
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

function conflict(place: string, recorded: InstallTree, requested: InstallTree): SpackOciError {
  const message = `The packages of ${place} are relocated to a different install tree:\n  existing:  ${describeInstallTree(recorded)}\n  requested: ${describeInstallTree(requested)}`;
  return new SpackOciError("ERR_CANONICAL_TREE_CONFLICT", message, {
    kind: "usage",
    place,
    hint: "Leave out these options to push for the existing tree, or push to another buildcache.",
  });
}
