// The verb reindex: rebuilds a store's database from its prefixes.

import { loadFileLocks, type ReindexResult, reindexStore, type Store } from "@spack-oci/spack-store";
import type { VerbContext } from "../../schedule/run.js";

export interface ReindexRequest {
  /** Stores whose packages this one uses. */
  readonly upstreams?: readonly Store[] | undefined;
  /** Seconds to wait for the database's lock; Spack's default if undefined. */
  readonly databaseTimeout?: number | undefined;
}

/**
 * Rebuilds the database from the prefixes on disk, under Spack's lock; the old database is kept beside it.
 *
 * @throws SpackOciError as `reindexStore` does
 */
export async function reindex(
  { upstreams, databaseTimeout: timeoutSeconds }: ReindexRequest,
  { store, run: { listener } }: VerbContext & { readonly store: Store },
): Promise<ReindexResult> {
  const locks = await loadFileLocks(({ reason }) =>
    listener?.({
      type: "warning",
      message: `Writing to the store without locks that Spack honors: ${reason}`,
    }),
  );
  const result = await reindexStore(store, {
    locks,
    ...(upstreams === undefined ? {} : { upstreams }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  });
  for (const { path, error } of result.unreadable) {
    listener?.({ type: "warning", message: `${path} is left out: ${error.message}`, place: path });
  }
  return result;
}
