// Finishes a package in its staging directory, once the packages that it runs with are in place.

import {
  type ArrivingPrefix,
  fingerprintPrefix,
  finishArrived,
  type PackagePermissions,
} from "@spack-oci/spack-store";
import { type RunPaths, redundantRpathDropper } from "@spack-oci/spack-tarball";
import { installTimes, type PhaseSeconds } from "./install-times.js";

/** What is known of a package in its staging directory. */
export interface UnfinishedPackage {
  readonly memberPrefix: string;
  readonly prefix: ArrivingPrefix;
  readonly runPaths: RunPaths | undefined;
  readonly seconds: PhaseSeconds;
}

/** Plain data. */
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
  { memberPrefix, prefix, runPaths, seconds }: UnfinishedPackage,
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
