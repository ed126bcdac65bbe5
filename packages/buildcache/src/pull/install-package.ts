// Finishes a staged package the way Spack does after an install, and puts it in its place.

import { isSpackOciError } from "@spack-oci/errors";
import {
  filterShebangs,
  isInstalled,
  setPrefixPermissions,
  writeInstallManifest,
} from "@spack-oci/spack-store";
import { dropRedundantRpaths } from "@spack-oci/spack-tarball";
import type { Destination } from "./destination.js";
import type { PullItem } from "./plan-pull.js";
import { removeTree } from "./remove-tree.js";
import { publish } from "./staging.js";

/**
 * What the package runs with is in place already. The steps are Spack's hooks in Spack's order (Spack:
 * hooks/__init__.py).
 */
export async function installPackage(
  item: PullItem,
  staging: string,
  destination: Destination,
  options: { readonly replace: boolean },
): Promise<void> {
  await filterShebangs(staging, destination.store.sbangPath);
  if (item.node.architecture?.platform === "linux") await dropRedundantRpaths(staging, item.prefix);
  await setPrefixPermissions(staging, destination.permissions);
  await writeInstallManifest(staging, item.prefix, destination.permissions);
  try {
    await publish(staging, item.prefix, options.replace);
  } catch (error) {
    // Somebody else may have been quicker with the same package.
    if (!isSpackOciError(error, "conflict") || !(await isInstalled(item.prefix, item.node.hash))) throw error;
    await removeTree(staging);
  }
}
