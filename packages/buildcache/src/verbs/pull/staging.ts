// Directories beside their destination, in which a package is made ready; only a rename makes it visible.

import { mkdir, rename } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { abandonedIn } from "@spack-oci/spack-store";
import { removeTree } from "./remove-tree.js";

/** Also with what is set aside for a moment: the package that is replaced, and an archive's own directories (spack-tarball). */
const NAME = /^\.spack-oci-[a-z2-7]+\.(.+)\.(\d+)(?:\.replaced|\.rerooted)?$/;

/**
 * Removes what killed pulls of this machine left beside the given prefixes.
 *
 * @param onLeft called for what cannot be removed; it does not stand in the way of another pull
 */
export async function sweepStaging(
  prefixes: readonly string[],
  onLeft: (path: string, error: Error) => void,
): Promise<void> {
  for (const parent of new Set(prefixes.map((prefix) => dirname(prefix)))) {
    for (const path of await abandonedIn(parent, NAME)) {
      await removeTree(path).catch((error: unknown) => onLeft(path, error as Error));
    }
  }
}

/** A path in the directory of `prefix` for this process; nothing is there yet. */
export async function prepareStaging(prefix: string, hash: string): Promise<string> {
  const parent = dirname(prefix);
  await mkdir(parent, { recursive: true });
  const path = join(parent, `.spack-oci-${hash}.${hostname()}.${process.pid}`);
  await removeTree(path);
  return path;
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

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
