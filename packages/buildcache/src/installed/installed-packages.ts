// The packages in a store and its upstreams, chosen as users name them.

import { catalogOf, queryCatalog, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import { readInstallDatabase, type Store } from "@spack-oci/spack-store";
import { firstSpecs, selectSpecs } from "../catalog/select-specs.js";

/** How specs choose from what is installed. */
export interface Choice {
  /** As on a command line; each must match a single package. */
  readonly specs: readonly string[];
  /** Only packages with these DAG hashes, such as those of an environment. */
  readonly among?: ReadonlySet<string> | undefined;
  /** Takes the first match instead of rejecting several. */
  readonly first?: boolean | undefined;
}

export interface InstalledPackages {
  readonly graph: SpecGraph;
  readonly store: Store;
  /** The prefix that a database records; undefined for a package without one. */
  readonly prefixOf: (node: SpecNode) => string | undefined;
  /** Whether one of the databases has the package as installed. */
  readonly isInstalled: (node: SpecNode) => boolean;
  /**
   * The packages that specs name, in their order, as `spack load` finds them (Spack: cmd/__init__.py,
   * `disambiguate_spec`). Without specs, all of `among`.
   *
   * @throws SpackOciError `ERR_SPEC_NOT_FOUND` (`not-found`), `ERR_SPEC_AMBIGUOUS` (`usage`), and the errors of spec
   *   strings
   */
  readonly choose: (choice: Choice) => readonly SpecNode[];
}

/**
 * Reads the databases, which needs no lock.
 *
 * @param upstreams stores whose packages this one uses
 * @throws SpackOciError as `readInstallDatabase` does
 */
export async function installedPackages(
  store: Store,
  upstreams: readonly Store[] = [],
): Promise<InstalledPackages> {
  const [database, ...others] = await Promise.all([store, ...upstreams].map(readInstallDatabase));
  if (database === undefined) throw new TypeError("one database is read for each store");
  const catalog = catalogOf(database, others);
  const { graph } = catalog;
  const recordOf = ({ hash }: SpecNode) => {
    const records = catalog.records.get(hash);
    return records?.find(({ installed }) => installed) ?? records?.[0];
  };
  return {
    graph,
    store,
    prefixOf: (node) => recordOf(node)?.path ?? node.external?.path ?? undefined,
    isInstalled: (node) => recordOf(node)?.installed === true,
    choose: ({ specs, among, first }) => {
      const candidates = queryCatalog(catalog, undefined, among === undefined ? {} : { hashes: among });
      const pool = { graph, candidates, name: `the store ${store.unpaddedRoot}` };
      return (first === true ? firstSpecs : selectSpecs)(pool, specs);
    },
  };
}
