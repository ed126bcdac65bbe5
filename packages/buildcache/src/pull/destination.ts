// The store that a pull installs into: where each package goes, and what is there.

import {
  formatPath,
  type InstallDatabase,
  isInstalled,
  type PackagePermissions,
  type SpecGraph,
  type SpecNode,
  type Store,
} from "@spack-oci/spack-store";

export interface Destination {
  readonly store: Store;
  /** Format of a package's path below the root, by package name; `all` fits every other package. */
  readonly projections: ReadonlyMap<string, string>;
  readonly permissions: PackagePermissions;
}

/** The prefix that the database knows for a spec, else the one that the projections give it. */
export function prefixIn(
  destination: Destination,
  database: InstallDatabase,
  graph: SpecGraph,
): (node: SpecNode) => string {
  return (node) => {
    const known = database.records.get(node.hash)?.path;
    if (known !== undefined && known !== null) return known;
    if (node.external !== undefined) return node.external.path ?? "";
    return `${destination.store.root}/${formatPath(graph, node, projectionFor(node, destination.projections))}`;
  };
}

/** Which of the specs have a complete prefix, whether or not a database says so: a killed pull leaves such prefixes. */
export async function installedAmong(
  nodes: readonly SpecNode[],
  prefixOf: (node: SpecNode) => string,
): Promise<ReadonlySet<string>> {
  const installed = await Promise.all(
    nodes.map(async (node) => node.external === undefined && (await isInstalled(prefixOf(node), node.hash))),
  );
  return new Set(nodes.filter((_, index) => installed[index]).map((node) => node.hash));
}

/** Spack's own since 1.0 (Spack: etc/spack/defaults/base/config.yaml). */
const defaultProjection = "{architecture.platform}-{architecture.target}/{name}-{version}-{hash}";

function projectionFor(node: SpecNode, projections: ReadonlyMap<string, string>): string {
  return projections.get(node.name) ?? projections.get("all") ?? defaultProjection;
}
