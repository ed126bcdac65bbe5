// Finishes a staged package as Spack does after an install, and moves it to its prefix.

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
  /** Its staging directory. */
  readonly staging: string;
  /** Whether to replace what exists at its prefix. */
  readonly replace: boolean;
  readonly seconds: FetchSeconds;
}

/**
 * Call once the run dependencies of the package are in place. The steps are Spack's hooks (Spack: hooks/__init__.py).
 *
 * @returns the fingerprint of the prefix, taken just before it is published
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
    // Another installer may have been faster with the same package.
    if (!isSpackOciError(error, "conflict") || !(await isInstalled(item.prefix, item.node.hash))) throw error;
    await removeTree(staging);
  }
  return fingerprint;
}

/** Fetching and verifying happen while unpacking, so all three count as unpacking. */
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
