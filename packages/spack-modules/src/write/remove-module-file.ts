// Removes the module file of one package, with what belongs to it.

import { rm, rmdir, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isMissing, isSystemError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { ModuleTree } from "../layout/module-tree.js";
import type { ModuleSystem } from "../settings/module-set.js";
import { updateHidden } from "./update-hidden.js";

/** All that is needed to remove a module file once the package is gone. */
export interface ModulePlace {
  readonly system: ModuleSystem;
  /** The absolute path. */
  readonly path: string;
  /** The name that users load. */
  readonly name: string;
  /** Whether it is the default of its directory. */
  readonly isDefault: boolean;
}

/**
 * Where the module file of a package is, if it has one.
 *
 * @throws SpackOciError if the configuration is invalid
 */
export function modulePlace(tree: ModuleTree, node: SpecNode): ModulePlace {
  return {
    system: tree.system,
    path: tree.fileName(node),
    name: tree.useName(node),
    isDefault: tree.isDefault(node),
  };
}

/**
 * Removes the file, its default link, its entry among hidden modules, and the directories that become empty (Spack:
 * modules/common.py, `BaseModuleFileWriter.remove`).
 *
 * @returns false if the file does not exist
 * @throws Error of the file system
 */
export async function removeModuleFile({ system, path, name, isDefault }: ModulePlace): Promise<boolean> {
  try {
    await unlink(path);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  if (isDefault) await rm(join(dirname(path), "default"), { force: true });
  await updateHidden(system, path, { name, hidden: false });
  await removeEmpty(dirname(path));
  return true;
}

/** Upwards, until a directory is not empty or belongs to somebody else. */
async function removeEmpty(directory: string): Promise<void> {
  for (let path = directory; dirname(path) !== path; path = dirname(path)) {
    try {
      await rmdir(path);
    } catch (error) {
      if (isSystemError(error)) return;
      throw error;
    }
  }
}
