// Installs sbang in a store.

import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { makeDirectories } from "@spack-oci/files";
import type { PackagePermissions } from "./permissions.js";
import { SBANG_SCRIPT } from "./sbang-script.js";

/**
 * Installs sbang at `sbangPath`, `bin/sbang` of the unpadded root, unless one exists, which may be Spack's own. It has
 * the mode of directories, and `bin` is accessible to all unless there is a group, as in `install_sbang` of
 * `spack/hooks/sbang.py`.
 *
 * @returns whether it was installed
 * @throws Error of the file system
 */
export async function installSbang(sbangPath: string, permissions: PackagePermissions): Promise<boolean> {
  if (existsSync(sbangPath)) return false;
  const { directoryMode, group } = permissions;
  const directory = dirname(sbangPath);
  await makeDirectories(directory);
  await chmod(directory, group === undefined ? 0o755 : directoryMode);
  await setGroup(directory, group);

  const temporary = join(directory, `.sbang.${hostname()}.${process.pid}.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, SBANG_SCRIPT);
    await setGroup(temporary, group);
    await chmod(temporary, directoryMode);
    await rename(temporary, sbangPath);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return true;
}

async function setGroup(path: string, group: number | undefined): Promise<void> {
  if (group === undefined) return;
  const status = await stat(path);
  if (status.gid !== group) await chown(path, status.uid, group);
}
