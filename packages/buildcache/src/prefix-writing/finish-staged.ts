// Finishes a package in its staging directory, once the packages that it runs with are in place.

import { fingerprintPrefix, finishArrived, type PackagePermissions } from "@spack-oci/spack-store";
import { redundantRpathDropper } from "@spack-oci/spack-tarball";
import { installTimes } from "./install-times.js";
import type { StagedPackage } from "./stage-package.js";

export interface FinishContext {
  readonly name: string;
  /** DAG hash. */
  readonly hash: string;
  readonly finalPrefix: string;
  readonly sbangPath: string;
  readonly platform: string | undefined;
  readonly permissions: PackagePermissions;
}

/**
 * @returns the fingerprint of the prefix
 * @throws as `finishArrived` does
 */
export async function finishStaged(
  staging: string,
  { memberPrefix, prefix, runPaths, seconds }: StagedPackage,
  context: FinishContext,
): Promise<string> {
  const { finalPrefix } = context;
  for (const name of runPaths?.filesToChange(staging, finalPrefix) ?? []) prefix.revisit(name);
  await finishArrived(staging, prefix, {
    ...context,
    changeFile: runPaths && redundantRpathDropper(staging, finalPrefix),
    nameOf: (path) => `${memberPrefix}/${path}`,
    installTimes: installTimes(context, seconds),
  });
  return fingerprintPrefix(staging);
}
