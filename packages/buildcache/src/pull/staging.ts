// Directories beside their destination, in which a package is made ready; only a rename makes it visible.

import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";

const NAME = /^\.spack-oci-([a-z2-7]+)\.(.+)\.(\d+)$/;

/**
 * A path in the directory of `prefix` for this process; nothing is there yet. What killed processes of this machine left
 * there for the same package is removed.
 */
export async function prepareStaging(prefix: string, hash: string): Promise<string> {
  const parent = dirname(prefix);
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const [, leftHash, host, pid] = NAME.exec(name) ?? [];
    const isOurs = leftHash === hash && host === hostname();
    if (isOurs && (Number(pid) === process.pid || !isAlive(Number(pid))))
      await removeTree(join(parent, name));
  }
  return join(parent, `.spack-oci-${hash}.${hostname()}.${process.pid}`);
}

/**
 * Puts a staged package in its place.
 *
 * @param replace whether something may be there already; it is gone afterwards
 * @throws SpackOciError `ERR_PREFIX_OCCUPIED` where something is there and may not be replaced
 */
export async function publish(staging: string, prefix: string, replace: boolean): Promise<void> {
  const aside = `${staging}.replaced`;
  if (replace) await renameIfThere(prefix, aside);
  try {
    await rename(staging, prefix);
  } catch (error) {
    if (replace) await renameIfThere(aside, prefix);
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (!["ENOTEMPTY", "EEXIST", "ENOTDIR"].includes(code)) throw error;
    throw new SpackOciError("ERR_PREFIX_OCCUPIED", `Something else is at ${prefix}.`, {
      kind: "conflict",
      place: prefix,
      hint: `Remove it, or replace it with "--force", if nothing needs it.`,
      cause: error,
    });
  }
  await removeTree(aside);
}

/** Removes a staged package; not finding it is no error. */
export async function removeTree(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
