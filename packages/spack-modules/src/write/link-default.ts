// Makes a module the default of its directory.

import { rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Links `default` to the module file, replacing another default (Spack: modules/common.py, `update_module_defaults`).
 */
export async function linkDefault(path: string): Promise<void> {
  const unfinished = join(dirname(path), ".tmp_spack_default");
  await rm(unfinished, { force: true });
  await symlink(path, unfinished);
  await rename(unfinished, join(dirname(path), "default"));
}
