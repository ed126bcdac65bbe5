// Packs a package as though it were installed in the buildcache's install tree.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import {
  describeLayerEntry,
  filterShebang,
  formatInstallTimes,
  type LayerEntry,
  ManifestFile,
} from "@spack-oci/spack-store";
import { examineMove, type MoveFindings, type PrefixMove, packMove } from "@spack-oci/spack-tarball";
import type { Listener } from "../events/events.js";
import { warnOfLostIdentities } from "../events/lost-identities.js";
import { type InstallTree, prefixInTree } from "./install-tree.js";

/** A package that was scanned, and can be packed if no problem was found. */
export interface RelocatedPackage extends MoveFindings {
  readonly node: SpecNode;
  readonly move: PrefixMove;
  /** A directory of this package, for copies and for the text of its manifest. */
  readonly scratch: string;
}

/** A package, and the graph of everything it may refer to. */
export interface PackageInGraph {
  readonly graph: SpecGraph;
  readonly node: SpecNode;
}

/**
 * The move of a package to its prefix in the tree.
 *
 * @param from the package and its store, on disk or as its build info describes them
 * @throws SpackOciError as `prefixInTree` does
 */
export function moveIntoTree(
  tree: InstallTree,
  { graph, node }: PackageInGraph,
  from: PrefixMove["from"],
): PrefixMove {
  const { store } = tree;
  const prefix = prefixInTree(tree, graph, node);
  const known = [...from.hashToPrefix.keys()].flatMap((hash): [string, string][] => {
    const other = graph.get(hash);
    return other === undefined ? [] : [[hash, prefixInTree(tree, graph, other)]];
  });
  return {
    platform: node.architecture?.platform,
    from,
    to: {
      prefix,
      sbangInstallPath: store.sbangPath,
      buildPath: store.root,
      // The location of a Spack instance says nothing about the package, and differs between machines.
      spackPrefix: undefined,
      relativePrefix: posix.relative(store.root, prefix),
      hashToPrefix: new Map(known),
    },
  };
}

interface ExamineContext {
  readonly scratch: string;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads all files of a package; writes only to the scratch directory.
 *
 * @param options.scratch the parent of a directory for the package, which the caller removes
 */
export async function examinePackage(
  node: SpecNode,
  move: PrefixMove,
  { scratch, listener, signal }: ExamineContext,
): Promise<RelocatedPackage> {
  const own = await mkdtemp(join(scratch, `${node.hash}-`));
  await writeFile(join(own, TIMES), omitTimes(node));
  const manifest = await ManifestFile.create(join(own, MANIFEST), move.to.prefix);
  try {
    const onEntry = (entry: LayerEntry) => manifest.add(entry.path, describeLayerEntry(entry));
    const finish = finisher(move);
    const lost: string[] = [];
    const onIdentityLost = (file: string) => lost.push(file);
    const findings = await examineMove(move, { scratch: own, finish, onEntry, onIdentityLost, signal });
    warnOfLostIdentities(listener, node, lost);
    await manifest.end();
    const { changed, split, problems } = findings;
    return { node, move, scratch: own, changed, split, problems };
  } finally {
    await manifest.close();
  }
}

/**
 * The archive in chunks. Except for what an install records about its machine, it equals the archive of the same
 * package in a store that really exists there.
 *
 * @throws RelocationError if something cannot be relocated
 */
export async function* packRelocatedPackage(item: RelocatedPackage): AsyncGenerator<Buffer, void, undefined> {
  const { move, scratch } = item;
  const generated = (path: string) => {
    const [, name = ""] = /^\.spack\/(.+)$/.exec(path) ?? [];
    return name === MANIFEST || name === TIMES ? join(scratch, name) : undefined;
  };
  yield* packMove(move, item, { scratch, finish: finisher(move), generated });
  await rm(scratch, { recursive: true, force: true });
}

const MANIFEST = "install_manifest.json";
const TIMES = "install_times.json";

/** Interpreter lines may become too long (Spack: hooks/sbang.py). */
function finisher({ to, platform }: PrefixMove): (path: string) => Promise<boolean> {
  return (path) => filterShebang(Buffer.from(path), to.sbangInstallPath, platform);
}

/** Build and install times differ between machines, and every install rewrites this file. */
function omitTimes({ name, hash }: SpecNode): string {
  return formatInstallTimes({ name, hash, totalSeconds: 0, phases: [] });
}
