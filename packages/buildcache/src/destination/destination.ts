// Describes the store that a pull installs into: where each package goes, and what is already installed.

import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import {
  type InstallDatabase,
  isInstalled,
  type PackagePermissions,
  type Store,
} from "@spack-oci/spack-store";
import type { ViewDescriptor } from "@spack-oci/spack-views";

/** The views of an environment, which follow what is installed. */
export interface EnvironmentViews {
  /** The environment, as in `-e`. */
  readonly environment: string;
  /** Its directory. */
  readonly directory: string;
  readonly views: readonly (ViewDescriptor & { readonly name: string })[];
  /** DAG hashes of its roots, in its order and with repetitions. */
  readonly roots: readonly string[];
  /** Its roots with all their dependencies. */
  readonly graph: SpecGraph;
  /** Has Spack make all of them. */
  readonly runSpack: (signal?: AbortSignal) => Promise<void>;
}

import type { ModuleConfiguration } from "./module-configuration.js";

/** How a store is locked. */
export interface LockSettings {
  /** False if the store is used without locks between processes, as on file systems that do not support them. */
  readonly locks?: boolean;
  /** Seconds to wait for the database's lock; Spack's default if undefined. */
  readonly databaseTimeout?: number;
  /** Seconds to wait for a package's lock; no limit if undefined. */
  readonly packageTimeout?: number;
}

export interface Destination extends LockSettings {
  readonly store: Store;
  /** Absolute path of the prefix for a package; never called for externals. */
  readonly prefixOf: (graph: SpecGraph, node: SpecNode) => string;
  /** Modes and group of a package's files, by package name. */
  readonly permissionsOf: (name: string) => Promise<PackagePermissions>;
  /** Databases of stores whose packages are used in place; these are never written. */
  readonly upstreams: readonly InstallDatabase[];
  /** The views of the active environment, if any. */
  readonly environmentViews?: EnvironmentViews | undefined;
  /** The module files that an install writes; undefined for none. */
  readonly modules?: ModuleConfiguration | undefined;
}

/** The prefixes of packages, and which packages are installed. */
export interface InstallLocations {
  readonly prefixOf: (node: SpecNode) => string;
  /** DAG hashes of complete prefixes, including those of upstreams. */
  readonly installed: ReadonlySet<string>;
  /** Whether the package is used in place from an upstream store. */
  readonly isUpstream: (hash: string) => boolean;
}

/**
 * Locates each of `nodes`: by the store's database, else by the upstreams, else where it would be installed. A prefix
 * without a record proves nothing, because Spack writes prefixes in place, and a killed install leaves them
 * incomplete.
 */
export async function locatePackages(
  destination: Destination,
  database: InstallDatabase,
  { graph, nodes }: { readonly graph: SpecGraph; readonly nodes: readonly SpecNode[] },
): Promise<InstallLocations> {
  const upstream = upstreamPrefixes(destination.upstreams);
  const recorded = (hash: string) => database.records.get(hash);
  const newPrefixOf = remembered((node) => destination.prefixOf(graph, node));
  const prefixOf = (node: SpecNode) => {
    if (node.external !== undefined) return node.external.path ?? "";
    const record = recorded(node.hash);
    const own = record?.installed === true ? record.path : undefined;
    return own ?? upstream.get(node.hash) ?? record?.path ?? newPrefixOf(node);
  };
  const isPresent = async (node: SpecNode) =>
    node.external === undefined &&
    (upstream.has(node.hash) || recorded(node.hash)?.installed === true) &&
    (await isInstalled(prefixOf(node), node.hash));
  const presence = await Promise.all(nodes.map(isPresent));
  const installed = nodes.filter((_, index) => presence[index]).map((node) => node.hash);
  return { prefixOf, installed: new Set(installed), isUpstream: (hash) => upstream.has(hash) };
}

/**
 * Remembers prefixes by hash: every dependent asks for those of its dependencies, and formatting a projection takes
 * long.
 */
function remembered(prefixOf: (node: SpecNode) => string): (node: SpecNode) => string {
  const known = new Map<string, string>();
  return (node) => {
    let prefix = known.get(node.hash);
    if (prefix === undefined) {
      prefix = prefixOf(node);
      known.set(node.hash, prefix);
    }
    return prefix;
  };
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
