// The verb find: the packages in a store and in its upstreams, for queries.

import { catalogOf, type SpecCatalog } from "@spack-oci/spack-spec";
import { readInstallDatabase, type Store } from "@spack-oci/spack-store";

export interface FindRequest {
  /** Stores whose packages this one uses. */
  readonly upstreams?: readonly Store[] | undefined;
}

/**
 * Reads the databases, which needs no lock.
 *
 * @throws SpackOciError as `readInstallDatabase` does
 */
export async function find(
  { upstreams = [] }: FindRequest,
  { store }: { readonly store: Store },
): Promise<SpecCatalog> {
  const [database, ...others] = await Promise.all([store, ...upstreams].map(readInstallDatabase));
  if (database === undefined) throw new TypeError("one database is read for each store");
  return catalogOf(database, others);
}
