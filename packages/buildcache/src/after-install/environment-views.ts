// Brings the views of an environment up to date after packages were installed.

import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";
import {
  type FileLocks,
  type InstallDatabase,
  readInstallDatabase,
  WHOLE_FILE,
} from "@spack-oci/spack-store";
import { regenerateView, type ViewPackages } from "@spack-oci/spack-views";
import type { Destination, EnvironmentViews } from "../destination/destination.js";
import { describePackage, type ViewResult } from "../events/events.js";
import { firstNames } from "../events/first-names.js";
import { LostIdentities } from "../events/lost-identities.js";
import { asSpackOciError } from "../failures/failure.js";
import type { Run } from "../schedule/run.js";

/** A view, and what became of it; `for-spack` if only Spack can make it. */
type Attempt = ViewResult | ForSpack;

interface ForSpack {
  readonly outcome: "for-spack";
  readonly name: string;
  readonly root: string;
  readonly packages: number;
  readonly because: readonly SpecNode[];
}

/** How many packages a message names. */
const MAX_NAMED = 3;

/**
 * Regenerates all views of the active environment, as Spack does at the end of an install, even of one that failed
 * (Spack: cmd/install.py, `install_with_active_env`). The environment is locked meanwhile. Spack makes the views
 * that recipes take part in. A view that fails does not stop the others; Spack would not try these.
 *
 * @returns one result for each view; failures are results, too
 */
export async function regenerateViews(
  destination: Destination,
  locks: FileLocks,
  run: Run,
): Promise<readonly ViewResult[]> {
  const { environmentViews } = destination;
  if (environmentViews === undefined) return [];
  const attempts = await attemptAll(environmentViews, destination, { locks, run });
  const results = await leaveToSpack(attempts, environmentViews, run);
  for (const result of results) run.listener?.({ type: "view", ...result });
  return results;
}

async function attemptAll(
  environment: EnvironmentViews,
  destination: Destination,
  { locks, run }: { readonly locks: FileLocks; readonly run: Run },
): Promise<readonly Attempt[]> {
  const failAll = (error: unknown) => environment.views.map((view) => failed(view, error));
  try {
    const packages = await installedPackages(environment, destination);
    const lock = await lockEnvironment(environment, locks);
    try {
      const attempts: Attempt[] = [];
      for (const view of environment.views) {
        run.signal?.throwIfAborted();
        attempts.push(await attempt(view, packages, run));
      }
      return attempts;
    } finally {
      await lock.release();
    }
  } catch (error) {
    run.signal?.throwIfAborted();
    return failAll(error);
  }
}

async function attempt(
  view: EnvironmentViews["views"][number],
  packages: ViewPackages,
  { listener }: Run,
): Promise<Attempt> {
  const { name, root } = view;
  try {
    const lost = new LostIdentities();
    const change = await regenerateView(view, { ...packages, onIdentityLost: lost.add });
    lost.warn(listener);
    if (change.outcome === "needs-spack") return { ...change, name, root, outcome: "for-spack" };
    if (change.outcome === "unchanged") return { ...change, name, root };
    if (change.leftover !== undefined) {
      const message = `Could not remove the previous view ${change.leftover}.`;
      listener?.({ type: "warning", message, place: change.leftover });
    }
    return { name, root, outcome: "updated", packages: change.packages, conflicts: change.conflicts.length };
  } catch (error) {
    return failed(view, error);
  }
}

/** Runs Spack once for all views that need it; those that are already current stay as they are. */
async function leaveToSpack(
  attempts: readonly Attempt[],
  { environment, runSpack }: EnvironmentViews,
  { signal }: Run,
): Promise<readonly ViewResult[]> {
  const waiting = attempts.filter((attempt) => attempt.outcome === "for-spack");
  if (waiting.length === 0) return attempts as readonly ViewResult[];
  let problem: unknown;
  try {
    await runSpack(signal);
  } catch (error) {
    signal?.throwIfAborted();
    problem = error;
  }
  return attempts.map((result) => {
    if (result.outcome !== "for-spack") return result;
    const { name, root, packages, because } = result;
    if (problem === undefined) return { name, root, outcome: "made-by-spack", packages };
    const named = firstNames(because.map(describePackage), MAX_NAMED);
    const error = new SpackOciError(
      "ERR_VIEW_NEEDS_SPACK",
      `Only Spack can make the view ${root}, because of the recipes of ${named}: ${asSpackOciError(problem).message}`,
      {
        kind: "failed",
        place: root,
        hint: `Run \`spack -e ${environment} env view regenerate\`.`,
        cause: problem,
      },
    );
    return { name, root, outcome: "failed", error };
  });
}

/** What the databases know about the environment's packages, after all installs. */
async function installedPackages(
  { graph, roots }: EnvironmentViews,
  destination: Destination,
): Promise<ViewPackages> {
  const { store, upstreams } = destination;
  const databases: readonly InstallDatabase[] = [await readInstallDatabase(store), ...upstreams];
  const recordOf = (node: SpecNode) =>
    databases.map(({ records }) => records.get(node.hash)).find((record) => record !== undefined);
  return {
    graph,
    roots,
    storeRoot: store.root,
    isInstalled: (node) => recordOf(node)?.installed === true,
    prefixOf: (node) => {
      if (node.external !== undefined) return node.external.path ?? "";
      return recordOf(node)?.path ?? destination.prefixOf(graph, node);
    },
  };
}

async function lockEnvironment({ directory }: EnvironmentViews, locks: FileLocks) {
  const path = join(directory, ".spack-env", "transaction_lock");
  return locks.acquire(path, { range: WHOLE_FILE, mode: "exclusive" });
}

function failed({ name, root }: EnvironmentViews["views"][number], error: unknown): ViewResult {
  return { name, root, outcome: "failed", error: asSpackOciError(error) };
}
