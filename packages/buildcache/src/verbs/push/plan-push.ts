// Decides what a push has to do, from the installed packages and the existing tags. Pure: it reads and writes
// nothing.

import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import type { InstallRecord } from "@spack-oci/spack-store";
import { type WantedOptions, wantedPackages } from "../../catalog/package-sets.js";
import { packageTag } from "../../package-image/tags.js";

/** An installed package to push into a buildcache. */
export interface PushItem {
  readonly node: SpecNode;
  readonly prefix: string;
  readonly tag: string;
}

/** What a push will do. */
export interface PushPlan {
  /** Every root with all its dependencies. */
  readonly graph: SpecGraph;
  /** The packages that the user named, installed or not. */
  readonly roots: readonly SpecNode[];
  /** Packages to pack, upload and tag; dependencies before dependents. */
  readonly todo: readonly PushItem[];
  /** Packages that already exist in the buildcache. */
  readonly present: readonly PushItem[];
  /** Wanted but not installed: these cannot be pushed, and images are made without them. */
  readonly absent: readonly SpecNode[];
  /** Wanted and installed, but excluded on request. */
  readonly excluded: readonly PushItem[];
  /** How many packages are installed, wanted or not. */
  readonly installed: number;
}

export interface PushSelection {
  /** The roots with all their dependencies. */
  readonly graph: SpecGraph;
  /** Installed packages, by DAG hash. */
  readonly records: ReadonlyMap<string, InstallRecord>;
  /** DAG hashes of the packages that the user named. */
  readonly roots: readonly string[];
  /** Which of the packages below the roots to include. */
  readonly scope: WantedOptions;
  /** Pushes packages even if they already exist. */
  readonly force: boolean;
  /** The tags of the buildcache. */
  readonly existingTags: ReadonlySet<string>;
  readonly isExcluded: (item: PushItem) => boolean;
  /** Whether missing build dependencies count; by default they do not, since nothing needs them any more. */
  readonly strict: boolean;
}

/**
 * Plans the roots and their dependencies, as far as they are installed (Spack: cmd/buildcache.py,
 * `_specs_to_be_packaged`).
 */
export function planPush(selection: PushSelection): PushPlan {
  const { graph, records, roots, existingTags } = selection;
  const wanted = wantedPackages(graph, roots, selection.scope);
  const runtime = new Set(
    wantedPackages(graph, roots, { withBuildDependencies: false }).map((node) => node.hash),
  );
  const items = wanted.flatMap((node) => {
    const record = records.get(node.hash);
    return record === undefined || !isPushable(record)
      ? []
      : [{ node, prefix: record.path, tag: packageTag(node) }];
  });
  const installed = new Set(items.map((item) => item.node.hash));
  const included = items.filter((item) => !selection.isExcluded(item));
  const isPresent = (item: PushItem) => !selection.force && existingTags.has(item.tag);
  return {
    graph,
    roots: roots.flatMap((hash) => graph.get(hash) ?? []),
    todo: included.filter((item) => !isPresent(item)),
    present: included.filter(isPresent),
    absent: wanted.filter(
      (node) =>
        !installed.has(node.hash) &&
        !existingTags.has(packageTag(node)) &&
        (selection.strict || runtime.has(node.hash)),
    ),
    excluded: items.filter((item) => selection.isExcluded(item)),
    installed: [...records.values()].filter(isPushable).length,
  };
}

/** Whether a record is of a package that Spack installed and that still exists. */
export function isPushable(record: InstallRecord): record is InstallRecord & { readonly path: string } {
  return record.installed && record.spec.external === undefined && record.path !== null;
}
