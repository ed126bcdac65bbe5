// The verb gc: removes the packages of a store that nothing needs.

import type { LockedEnvironment } from "@spack-oci/spack-config";
import type { DependencyType } from "@spack-oci/spack-spec";
import {
  type InstallDatabase,
  type InstallRecord,
  readInstallDatabase,
  sweepStore,
  unusedRecords,
} from "@spack-oci/spack-store";
import type { Destination } from "../../destination/destination.js";
import { storeLocks } from "../../destination/store-locks.js";
import type { PackageName } from "../../events/events.js";
import { type ConfirmRemoval, confirmRemoval } from "../../removal/confirm-removal.js";
import { matchAny } from "../../removal/match-installed.js";
import { NOTHING_REMOVED, type RemovedPackages, removePackages } from "../../removal/remove-packages.js";
import type { VerbContext } from "../../schedule/run.js";

export interface GcRequest {
  /** As on a command line; limits the choice, unless empty. */
  readonly specs?: readonly string[] | undefined;
  /** Whether build dependencies of what is needed are needed, too. */
  readonly keepBuildDependencies?: boolean | undefined;
  /** Keeps the roots of these environments, rather than the packages that users asked for. */
  readonly exceptEnvironments?: readonly LockedEnvironment[] | undefined;
  /** The active environment. Without `exceptEnvironments`, only its packages are removed, except for its roots. */
  readonly environment?: LockedEnvironment | undefined;
  readonly dryRun?: boolean | undefined;
  /** Undefined if there is no way to ask. */
  readonly confirm?: ConfirmRemoval | undefined;
}

export interface GcResult extends RemovedPackages {
  readonly outcome: "planned" | "nothing" | "declined" | "removed";
  /** What was to be removed. */
  readonly packages: readonly PackageName[];
}

/**
 * Removes what `spack gc` removes (`spack/cmd/gc.py`): by default, everything that the packages that users asked for do
 * not need at run time. Whether a package is still unused is checked again under its lock.
 *
 * @throws SpackOciError `ERR_REMOVAL_UNCONFIRMED`, the errors of specs and of `readInstallDatabase`; nothing was
 *   removed
 *   then
 */
export async function gc(
  request: GcRequest,
  { store: destination, run }: VerbContext & { readonly store: Destination },
): Promise<GcResult> {
  const { store } = destination;
  const database = await readInstallDatabase(store);
  const records = chosenOf(database, request);
  const result = (outcome: GcResult["outcome"]): GcResult => ({
    outcome,
    packages: records.map(({ spec }) => spec),
    ...NOTHING_REMOVED,
  });
  if (records.length === 0) return result("nothing");
  if (request.dryRun === true) return result("planned");
  if (!(await confirmRemoval(store, records, request.confirm))) return result("declined");

  const locks = await storeLocks(run, destination.locks);
  await sweepStore(store);
  const removal = { database, records, force: false, mayRemove: unusedCheck(request) };
  return { ...result("removed"), ...(await removePackages(removal, { destination, locks, run })) };
}

/**
 * Whether a package is unused in a database. It is enough to work this out once for each: that unused packages are gone
 * changes nothing about the others.
 */
function unusedCheck(request: GcRequest): (hash: string, database: InstallDatabase) => boolean {
  let known: { readonly database: InstallDatabase; readonly unused: ReadonlySet<string> } | undefined;
  return (hash, database) => {
    if (known?.database !== database) {
      known = { database, unused: new Set(unusedIn(database, request).map(({ spec }) => spec.hash)) };
    }
    return known.unused.has(hash);
  };
}

function chosenOf(database: InstallDatabase, request: GcRequest): readonly InstallRecord[] {
  const { specs = [], environment } = request;
  const unused = unusedIn(database, request);
  if (specs.length === 0) return unused;
  const matching = matchAny(database, { specs, environment });
  return unused.filter(({ spec }) => matching.has(spec.hash));
}

function unusedIn(database: InstallDatabase, request: GcRequest): readonly InstallRecord[] {
  const deptypes: DependencyType[] = request.keepBuildDependencies
    ? ["link", "run", "build"]
    : ["link", "run"];
  const roots = rootsIn(database, request);
  return unusedRecords(database, roots === undefined ? { deptypes } : { deptypes, roots });
}

/** Undefined for the packages that users asked for. */
function rootsIn(
  { records }: InstallDatabase,
  { exceptEnvironments, environment }: GcRequest,
): ReadonlySet<string> | undefined {
  if (exceptEnvironments !== undefined) return new Set(exceptEnvironments.flatMap(({ roots }) => [...roots]));
  if (environment === undefined) return undefined;
  const others = [...records.keys()].filter((hash) => !environment.hashes.has(hash));
  return new Set([...others, ...environment.roots]);
}
