// Decides what a push has to do, from what is installed and what is there already. Pure: it reads and writes nothing.

import {
  fullClosure,
  type InstallDatabase,
  type InstallRecord,
  postOrder,
  runtimeClosure,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-store";
import { packageTag } from "../protocol/tags.js";

/** An installed package on its way into a buildcache. */
export interface PushItem {
  readonly node: SpecNode;
  readonly prefix: string;
  readonly tag: string;
}

/** What a push will do. */
export interface PushPlan {
  /** Packages to pack, upload and tag; dependencies before dependents. */
  readonly todo: readonly PushItem[];
  /** Packages that are there. */
  readonly present: readonly PushItem[];
  /** Link and run dependencies that are neither installed nor there; images are made without them. */
  readonly absent: readonly SpecNode[];
}

export interface PushSelection {
  readonly database: InstallDatabase;
  /** DAG hashes of the packages that the user named. */
  readonly roots: readonly string[];
  readonly withBuildDependencies: boolean;
  /** Push again what is there. */
  readonly force: boolean;
  /** The tags of the buildcache. */
  readonly existingTags: ReadonlySet<string>;
}

/**
 * The roots, everything that they link and run with, and the build dependencies that are installed. An absent build
 * dependency is no error: nothing needs it any more.
 */
export function planPush(selection: PushSelection): PushPlan {
  const { database, existingTags } = selection;
  const runtime = runtimeClosure(database.graph, selection.roots);
  const wanted = selection.withBuildDependencies ? fullClosure(database.graph, selection.roots) : runtime;
  const items = byDependency(database.graph, wanted).flatMap((node) => {
    const record = database.records.get(node.hash);
    return record === undefined || !isPushable(record)
      ? []
      : [{ node, prefix: record.path, tag: packageTag(node) }];
  });
  const isPresent = (item: PushItem) => !selection.force && existingTags.has(item.tag);
  const installed = new Set(items.map((item) => item.node.hash));
  return {
    todo: items.filter((item) => !isPresent(item)),
    present: items.filter(isPresent),
    absent: runtime.filter(
      (node) =>
        node.external === undefined && !installed.has(node.hash) && !existingTags.has(packageTag(node)),
    ),
  };
}

/** Whether a record is of a package that Spack installed and that is still there. */
export function isPushable(record: InstallRecord): record is InstallRecord & { readonly path: string } {
  return record.installed && record.spec.external === undefined && record.path !== null;
}

/** Dependencies first, whatever their kind. */
function byDependency(graph: SpecGraph, nodes: readonly SpecNode[]): SpecNode[] {
  const wanted = new Set(nodes.map((node) => node.hash));
  return postOrder(graph, [...wanted]).filter((node) => wanted.has(node.hash));
}
