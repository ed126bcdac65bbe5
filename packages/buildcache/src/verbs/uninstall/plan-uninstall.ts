// Plans what to uninstall, and checks what needs it.

import { SpackOciError } from "@spack-oci/errors";
import type { LockedEnvironment } from "@spack-oci/spack-config";
import { type InstallDatabase, type InstallRecord, installedDependents } from "@spack-oci/spack-store";
import { describePackage } from "../../events/events.js";
import { matchInstalled } from "../../removal/match-installed.js";
import type { UninstallRequest } from "./uninstall-request.js";

/** What to remove, and what needs it. */
export interface UninstallPlan {
  /** The packages that the specs match. */
  readonly matching: readonly InstallRecord[];
  /** Installed packages that need them at run time. */
  readonly dependents: readonly InstallRecord[];
  /** Environments that refer to something in `toRemove`. */
  readonly environments: readonly LockedEnvironment[];
  readonly toRemove: readonly InstallRecord[];
}

/** @throws SpackOciError as {@link matchInstalled} does */
export function planUninstall(database: InstallDatabase, request: UninstallRequest): UninstallPlan {
  const { specs, all = false, environment, otherEnvironments = [] } = request;
  const matching = matchInstalled(database, { specs, all, environment });
  const dependents = installedDependents(
    database,
    matching.map(({ spec }) => spec.hash),
  );
  const toRemove = request.dependents === true ? [...matching, ...dependents] : matching;
  const environments = otherEnvironments.filter(({ hashes }) =>
    toRemove.some(({ spec }) => hashes.has(spec.hash)),
  );
  return { matching, dependents, environments, toRemove };
}

/**
 * Refuses to remove what packages or environments need (`get_uninstall_list` in `spack/cmd/uninstall.py`).
 *
 * @throws SpackOciError `ERR_PACKAGE_NEEDED` (`conflict`)
 */
export function requireUnused(plan: UninstallPlan, { dependents: takesDependents }: UninstallRequest): void {
  const dependents = takesDependents === true ? [] : plan.dependents;
  const { environments, matching } = plan;
  if (dependents.length === 0 && environments.length === 0) return;
  const parts = [`Refusing to uninstall ${matching.map(({ spec }) => describePackage(spec)).join(", ")}.`];
  const mends: string[] = [];
  if (dependents.length > 0) {
    const names = dependents.map(({ spec }) => `\n  ${describePackage(spec)}`);
    parts.push(`Needed by these installed packages:${names.join("")}`);
    mends.push("--dependents to remove these, too");
  }
  if (environments.length > 0) {
    const names = environments.map(({ name }) => `\n  ${name}`);
    parts.push(`Listed in these environments:${names.join("")}`);
    mends.push("`spack env remove` to remove environments");
  }
  throw new SpackOciError("ERR_PACKAGE_NEEDED", parts.join("\n"), {
    kind: "conflict",
    hint: `Use ${mends.join(", ")}, or --force to remove them anyway.`,
  });
}
