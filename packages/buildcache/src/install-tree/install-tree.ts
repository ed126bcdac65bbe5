// Defines the install tree that all packages of a buildcache are packed for, no matter where they were built.

import { posix } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import {
  DEFAULT_PROJECTIONS,
  parseSpec,
  projectPath,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-spec";
import { type Store, sbangLine, storeAt } from "@spack-oci/spack-store";

/** An install tree as a user specifies it. */
export interface InstallTreeRequest {
  /** The unpadded root. */
  readonly root: string;
  /** Length to pad the root to, in characters. */
  readonly paddedLength?: number | undefined;
  /** Paths below the root by spec; `all` is for every other package. Spack's own by default. */
  readonly projections?: ReadonlyMap<string, string> | undefined;
}

/** An install tree, which need not exist on any machine. */
export interface InstallTree {
  /** Its root with and without padding, and the path of its sbang. */
  readonly store: Store;
  /** In characters; 0 without padding. */
  readonly paddedLength: number;
  /** Complete: Spack's defaults for everything that the user left out. */
  readonly projections: ReadonlyMap<string, string>;
}

/**
 * @throws SpackOciError `ERR_CANONICAL_TREE` (`usage`) if packages could not run below such a root, and the errors of
 *   `sbangLine` and of spec strings
 */
export function installTree({
  root,
  paddedLength = 0,
  projections = new Map(),
}: InstallTreeRequest): InstallTree {
  // A root must not hold characters that end an entry of a run path or an interpreter line.
  if (!posix.isAbsolute(root) || posix.normalize(root) === "/" || /[\s:\0]/.test(root)) {
    const message = `${JSON.stringify(root)} cannot be the root of an install tree.`;
    throw invalidTree(
      message,
      root,
      'Choose an absolute path below "/" without spaces and colons, such as /opt/spack.',
    );
  }
  const store = storeAt(root, paddedLength);
  sbangLine(store.sbangPath);
  for (const key of projections.keys()) if (key !== "all") parseSpec(key);
  return { store, paddedLength, projections: completeProjections(projections) };
}

/** Adds Spack's default for everything that the user gave no projection for. */
export function completeProjections(
  projections: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  return new Map([...projections, ...[...DEFAULT_PROJECTIONS].filter(([key]) => !projections.has(key))]);
}

/**
 * The prefix of a package in the tree.
 *
 * @throws SpackOciError `ERR_CANONICAL_TREE` if its projection leads out of the tree, and the errors of projections
 */
export function prefixInTree(tree: InstallTree, graph: SpecGraph, node: SpecNode): string {
  const { root } = tree.store;
  const prefix = posix.normalize(`${root}/${projectPath(graph, node, { projections: tree.projections })}`);
  if (prefix.startsWith(`${root}/`)) return prefix;
  throw invalidTree(
    `${node.name} would be at ${prefix}, outside of ${root}.`,
    prefix,
    "Use projections without `..`.",
  );
}

/** Whether every package has the same prefix in both. */
export function isSameInstallTree(one: InstallTree, other: InstallTree): boolean {
  const projectionsOf = (tree: InstallTree) => JSON.stringify([...tree.projections]);
  return (
    one.store.root === other.store.root &&
    projectionsOf(one) === projectionsOf(other) &&
    one.store.sbangPath === other.store.sbangPath
  );
}

/** The command-line options that specify the tree. */
export function describeInstallTree({ store, paddedLength, projections }: InstallTree): string {
  const padding = paddedLength > 0 ? [`--padded-length ${paddedLength}`] : [];
  const named = [...projections].filter(([key, format]) => DEFAULT_PROJECTIONS.get(key) !== format);
  const flags = named.map(([key, format]) => `--projection '${key}=${format}'`);
  return [`--relocate-to ${store.unpaddedRoot}`, ...padding, ...flags].join(" ");
}

function invalidTree(message: string, place: string, hint: string): SpackOciError {
  return new SpackOciError("ERR_CANONICAL_TREE", message, { kind: "usage", place, hint });
}
