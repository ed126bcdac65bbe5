// Finishes a staged package the way Spack does after an install, and puts it in its place.

import { isSpackOciError } from "@spack-oci/errors";
import {
  fingerprintPrefix,
  finishPrefix,
  type InstallTimes,
  isInstalled,
  writeInstallTimes,
} from "@spack-oci/spack-store";
import { redundantRpathDropper } from "@spack-oci/spack-tarball";
import type { Destination } from "../../destination/destination.js";
import type { FetchSeconds } from "./fetch-package.js";
import type { PullItem } from "./plan-pull.js";
import { removeTree } from "./remove-tree.js";
import { publish } from "./staging.js";

/** A package that is fetched and relocated. */
export interface StagedInstall {
  /** Where it is. */
  readonly staging: string;
  /** Whether to replace what is at its prefix. */
  readonly replace: boolean;
  readonly seconds: FetchSeconds;
}

/**
 * What the package runs with is in place already. The steps are Spack's hooks (Spack:
 * hooks/__init__.py).
 *
 * @returns the fingerprint of the prefix as it is put in its place
 */
export async function installPackage(
  item: PullItem,
  destination: Destination,
  { staging, replace, seconds }: StagedInstall,
): Promise<string> {
  const isLinux = item.node.architecture?.platform === "linux";
  const permissions = await destination.permissionsOf(item.node.name);
  await writeInstallTimes(staging, installTimes(item, seconds), permissions);
  await finishPrefix(staging, {
    finalPrefix: item.prefix,
    permissions,
    sbangPath: destination.store.sbangPath,
    changeFile: isLinux ? redundantRpathDropper(staging, item.prefix) : undefined,
  });
  const fingerprint = await fingerprintPrefix(staging);
  try {
    await publish(staging, item.prefix, replace);
  } catch (error) {
    // Somebody else may have been quicker with the same package.
    if (!isSpackOciError(error, "conflict") || !(await isInstalled(item.prefix, item.node.hash))) throw error;
    await removeTree(staging);
  }
  return fingerprint;
}

/** Fetching, verifying and unpacking go on at once here, and count as the unpacking that they wait for. */
function installTimes({ node }: PullItem, seconds: FetchSeconds): InstallTimes {
  const total = seconds.unpacking + seconds.relocating;
  return {
    name: node.name,
    hash: node.hash,
    totalSeconds: total,
    phases: [
      { name: "search", seconds: 0 },
      { name: "fetch", seconds: 0 },
      { name: "install", seconds: total },
      { name: "extract", path: "install/extract", seconds: seconds.unpacking },
      { name: "relocate", path: "install/relocate", seconds: seconds.relocating },
    ],
  };
}
