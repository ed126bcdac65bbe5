// The install tree that all packages of a mirror are packed for, wherever they were built.

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

/** What a user says of an install tree. */
export interface InstallTreeRequest {
  /** Root of the install tree, without padding. */
  readonly root: string;
  /** Length to pad the root to, in characters. */
  readonly paddedLength?: number | undefined;
  /** Paths below the root by the specs that they are for; `all` is for every other one. Spack's own by default. */
  readonly projections?: ReadonlyMap<string, string> | undefined;
}

/** An install tree that need not exist anywhere. */
export interface InstallTree {
  /** Its root with and without padding, and where its sbang is. */
  readonly store: Store;
  /** 0 without padding. */
  readonly paddedLength: number;
  /** Complete: what the user left out is Spack's default. */
  readonly projections: ReadonlyMap<string, string>;
}

/** @throws SpackOciError `ERR_CANONICAL_TREE` (`usage`), and those of `sbangLine` and of spec strings, where packages could not run below such a root */
export function installTree({
  root,
  paddedLength = 0,
  projections = new Map(),
}: InstallTreeRequest): InstallTree {
  // What ends an entry of a run path or an interpreter line cannot stand in a root.
  if (!posix.isAbsolute(root) || posix.normalize(root) === "/" || /[\s:\0]/.test(root)) {
    const message = `${JSON.stringify(root)} can be no root of an install tree.`;
    throw unfit(
      message,
      root,
      'Name an absolute path below "/" without spaces and colons, such as /opt/spack.',
    );
  }
  const store = storeAt(root, paddedLength);
  sbangLine(store.sbangPath);
  for (const key of projections.keys()) if (key !== "all") parseSpec(key);
  return { store, paddedLength, projections: completeProjections(projections) };
}

/** Spack's default for everything that the user gave no projection for. */
export function completeProjections(
  projections: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  return new Map([...projections, ...[...DEFAULT_PROJECTIONS].filter(([key]) => !projections.has(key))]);
}

/**
 * Where a package lies in the tree.
 *
 * @throws SpackOciError `ERR_CANONICAL_TREE` where its projection leads out of the tree, and the errors of projections
 */
export function prefixInTree(tree: InstallTree, graph: SpecGraph, node: SpecNode): string {
  const { root } = tree.store;
  const prefix = posix.normalize(`${root}/${projectPath(graph, node, { projections: tree.projections })}`);
  if (prefix.startsWith(`${root}/`)) return prefix;
  throw unfit(
    `${node.name} would lie at ${prefix}, outside of ${root}.`,
    prefix,
    "Give projections without `..` in them.",
  );
}

/** Whether every package has the same place in both. */
export function isSameInstallTree(one: InstallTree, other: InstallTree): boolean {
  const projectionsOf = (tree: InstallTree) => JSON.stringify([...tree.projections]);
  return (
    one.store.root === other.store.root &&
    projectionsOf(one) === projectionsOf(other) &&
    one.store.sbangPath === other.store.sbangPath
  );
}

/** The options of the command line that say the same. */
export function describeInstallTree({ store, paddedLength, projections }: InstallTree): string {
  const padding = paddedLength > 0 ? [`--padded-length ${paddedLength}`] : [];
  const named = [...projections].filter(([key, format]) => DEFAULT_PROJECTIONS.get(key) !== format);
  const flags = named.map(([key, format]) => `--projection '${key}=${format}'`);
  return [`--relocate-to ${store.unpaddedRoot}`, ...padding, ...flags].join(" ");
}

function unfit(message: string, place: string, hint: string): SpackOciError {
  return new SpackOciError("ERR_CANONICAL_TREE", message, { kind: "usage", place, hint });
}
