// The verb reindex: makes a store's database agree with its prefixes.

import { loadFileLocks, type ReindexResult, reindexStore, type Store } from "@spack-oci/spack-store";
import type { Listener } from "../../events/events.js";

export interface ReindexOptions {
  /** Stores whose packages this one uses. */
  readonly upstreams?: readonly Store[] | undefined;
  /** Seconds to wait for the database's lock; Spack's default without. */
  readonly databaseTimeout?: number | undefined;
  readonly listener?: Listener | undefined;
}

/**
 * Rebuilds the database from what is on disk, under Spack's lock; the old one is kept beside it.
 *
 * @throws SpackOciError as `reindexStore` does
 */
export async function reindex(store: Store, options: ReindexOptions = {}): Promise<ReindexResult> {
  const { upstreams, databaseTimeout: timeoutSeconds, listener } = options;
  const locks = await loadFileLocks(({ reason }) =>
    listener?.({ type: "warning", message: `The store is written without locks that Spack sees: ${reason}` }),
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
