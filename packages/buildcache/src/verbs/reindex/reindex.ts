// The verb reindex: rebuilds a store's database from its prefixes.

import { type ReindexResult, reindexStore, type Store } from "@spack-oci/spack-store";
import { storeLocks } from "../../destination/store-locks.js";
import type { VerbContext } from "../../schedule/run.js";

export interface ReindexRequest {
  /** Stores whose packages this one uses. */
  readonly upstreams?: readonly Store[] | undefined;
  /** Seconds to wait for the database's lock; Spack's default if undefined. */
  readonly databaseTimeout?: number | undefined;
  /** False to write the store without locks between processes; true by default. */
  readonly locks?: boolean | undefined;
}

/**
 * Rebuilds the database from the prefixes on disk, under Spack's lock; the old database is kept beside it.
 *
 * @throws SpackOciError as `reindexStore` does
 */
export async function reindex(
  { upstreams, databaseTimeout: timeoutSeconds, locks: enabled }: ReindexRequest,
  { store, run }: VerbContext & { readonly store: Store },
): Promise<ReindexResult> {
  const locks = await storeLocks(run, enabled);
  const result = await reindexStore(store, {
    locks,
    ...(upstreams === undefined ? {} : { upstreams }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  });
  for (const { path, error } of result.unreadable) {
    run.listener?.({ type: "warning", message: `${path} is left out: ${error.message}`, place: path });
  }
  return result;
}
