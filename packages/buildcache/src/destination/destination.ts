// The store that a pull installs into: where each package goes, and what is there.

import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import {
  type InstallDatabase,
  isInstalled,
  type PackagePermissions,
  type Store,
} from "@spack-oci/spack-store";

export interface Destination {
  readonly store: Store;
  /** Absolute path of the prefix that a package will have. Not asked for externals. */
  readonly prefixOf: (graph: SpecGraph, node: SpecNode) => string;
  /** Modes and group of a package's files, by the package's name. */
  readonly permissionsOf: (name: string) => Promise<PackagePermissions>;
  /** Databases of stores whose packages are used where they are, and that are never written. */
  readonly upstreams: readonly InstallDatabase[];
  /** Seconds to wait for the database's lock; Spack's default without. */
  readonly databaseTimeout?: number;
  /** Seconds to wait for a package's lock; for as long as it takes without. */
  readonly packageTimeout?: number;
}

/** Where packages are or will be, and which of them are there. */
export interface InstallLocations {
  readonly prefixOf: (node: SpecNode) => string;
  /** DAG hashes of complete prefixes, those of upstreams included. */
  readonly installed: ReadonlySet<string>;
  /** Whether another store has the package, which this one uses there. */
  readonly isUpstream: (hash: string) => boolean;
}

/**
 * Looks for each of `nodes`: where the store's database has it, else in the upstreams, else where it would go. Without a
 * record a prefix proves nothing, because Spack writes prefixes in place and a killed install leaves them half-done.
 */
export async function locatePackages(
  destination: Destination,
  database: InstallDatabase,
  { graph, nodes }: { readonly graph: SpecGraph; readonly nodes: readonly SpecNode[] },
): Promise<InstallLocations> {
  const upstream = upstreamPrefixes(destination.upstreams);
  const recorded = (hash: string) => database.records.get(hash);
  const prefixOf = (node: SpecNode) => {
    if (node.external !== undefined) return node.external.path ?? "";
    const record = recorded(node.hash);
    const own = record?.installed === true ? record.path : undefined;
    return own ?? upstream.get(node.hash) ?? record?.path ?? destination.prefixOf(graph, node);
  };
  const isThere = async (node: SpecNode) =>
    node.external === undefined &&
    (upstream.has(node.hash) || recorded(node.hash)?.installed === true) &&
    (await isInstalled(prefixOf(node), node.hash));
  const there = await Promise.all(nodes.map(isThere));
  const installed = nodes.filter((_, index) => there[index]).map((node) => node.hash);
  return { prefixOf, installed: new Set(installed), isUpstream: (hash) => upstream.has(hash) };
}

function upstreamPrefixes(upstreams: readonly InstallDatabase[]): ReadonlyMap<string, string> {
  const prefixes = new Map<string, string>();
  for (const { records } of upstreams) {
    for (const [hash, { installed, path }] of records) {
      if (installed && path !== null && !prefixes.has(hash)) prefixes.set(hash, path);
    }
  }
  return prefixes;
}
