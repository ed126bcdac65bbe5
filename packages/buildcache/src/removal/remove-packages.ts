// Removes packages from a store, one after the other, and their module files.

import type { SpackOciError } from "@spack-oci/errors";
import { topological } from "@spack-oci/spack-spec";
import {
  type FileLocks,
  type InstallDatabase,
  type InstallRecord,
  RememberedDatabase,
  removeInstall,
} from "@spack-oci/spack-store";
import { findModuleFiles, removeModuleFiles } from "../after-install/remove-module-files.js";
import type { Destination } from "../destination/destination.js";
import type { PackageName } from "../events/events.js";
import { asSpackOciError } from "../failures/failure.js";
import type { Run } from "../schedule/run.js";

/** What to remove, and how. */
export interface Removal {
  readonly database: InstallDatabase;
  readonly records: readonly InstallRecord[];
  /** Whether to remove packages that others need. */
  readonly force: boolean;
  /**
   * Asked again about each package, because others may use the store meanwhile. The database still has what was removed
   * before, and is the same object until another process changes it.
   */
  readonly mayRemove?: (hash: string, database: InstallDatabase) => boolean;
}

/** What became of the packages. */
export interface RemovedPackages {
  readonly removed: readonly PackageName[];
  /** Those that are needed again, or that another process removed. */
  readonly left: readonly PackageName[];
  /** The package that could not be removed; nothing was attempted after it. */
  readonly failed?: { readonly package: PackageName; readonly error: SpackOciError };
  /** The module files that were removed. */
  readonly moduleFiles: readonly string[];
}

/** What is removed with. */
export interface RemovalContext {
  readonly destination: Destination;
  readonly locks: FileLocks;
  readonly run: Run;
}

/** The outcome if nothing is removed. */
export const NOTHING_REMOVED: RemovedPackages = { removed: [], left: [], moduleFiles: [] };

/**
 * Removes packages, dependents before their dependencies (`do_uninstall` in `spack/cmd/uninstall.py`). The first
 * failure ends it, as in Spack: what follows may be a dependency of the package that is still there.
 *
 * @throws the reason of the run's signal once it is aborted; what was removed until then is complete
 */
export async function removePackages(removal: Removal, context: RemovalContext): Promise<RemovedPackages> {
  const { database, records, force, mayRemove } = removal;
  const { destination, locks, run } = context;
  const chosen = new Map(records.map((record) => [record.spec.hash, record]));
  const order = topological(database.graph, [...chosen.keys()]).filter(({ hash }) => chosen.has(hash));
  const removed: PackageName[] = [];
  const left: PackageName[] = [];
  const moduleFiles: string[] = [];
  const { databaseTimeout, packageTimeout } = destination;
  const remembered = new RememberedDatabase(destination.store);
  const places = await findModuleFiles(order, database, { destination, run });
  run.listener?.({ type: "planned", todo: order.length, present: 0 });
  for (const node of order) {
    run.signal?.throwIfAborted();
    run.listener?.({ type: "step", package: node, step: "removing" });
    try {
      const outcome = await removeInstall(destination.store, node.hash, {
        database: remembered,
        locks,
        force,
        signal: run.signal,
        packageTimeoutSeconds: packageTimeout,
        ...(databaseTimeout === undefined ? {} : { timeoutSeconds: databaseTimeout }),
        ...(mayRemove && { mayRemove: (current) => mayRemove(node.hash, current) }),
        onWait: () => run.listener?.({ type: "step", package: node, step: "waiting" }),
      });
      const isGone = outcome === "removed" || outcome === "forgotten";
      (isGone ? removed : left).push(node);
      run.listener?.({ type: "removed", package: node, outcome });
      if (isGone) moduleFiles.push(...(await removeModuleFiles(places.get(node.hash) ?? [], run.listener)));
    } catch (thrown) {
      run.signal?.throwIfAborted();
      const error = asSpackOciError(thrown);
      run.listener?.({ type: "done", package: node, outcome: "failed", error });
      return { removed, left, failed: { package: node, error }, moduleFiles };
    }
  }
  return { removed, left, moduleFiles };
}
