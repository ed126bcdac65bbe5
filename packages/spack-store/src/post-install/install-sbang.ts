// Puts sbang into a store, once.

import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { makeDirectories } from "@spack-oci/files";
import type { PackagePermissions } from "./permissions.js";
import { SBANG_SCRIPT } from "./sbang-script.js";

/**
 * Makes sure that there is an sbang at `sbangPath`, `bin/sbang` of the unpadded root. One that is there is kept: it may
 * be Spack's own. The mode is that of directories, and `bin` is open to all unless there is a group, as
 * `install_sbang` of `spack/hooks/sbang.py` has it.
 *
 * @returns whether it was not there before
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
