// Manages directories beside their destination, in which packages are prepared; only a rename makes them visible.

import { mkdirSync, renameSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { abandonedIn, removeTree } from "@spack-oci/spack-store";

/**
 * Also matches what is set aside briefly: a package being replaced, and an archive's own directories (spack-tarball).
 */
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

/** Returns a path beside `prefix` for this process, where nothing exists yet. */
export async function prepareStaging(prefix: string, hash: string): Promise<string> {
  const parent = dirname(prefix);
  mkdirSync(parent, { recursive: true });
  const path = join(parent, `.spack-oci-${hash}.${hostname()}.${process.pid}`);
  await removeTree(path);
  return path;
}

/**
 * Moves a staged package to its prefix.
 *
 * @param replace whether something may exist there; it is removed
 * @throws SpackOciError `ERR_PREFIX_OCCUPIED` if something exists there that must not be replaced
 */
export async function publish(staging: string, prefix: string, replace: boolean): Promise<void> {
  const aside = `${staging}.replaced`;
  if (replace) renameIfExists(prefix, aside);
  try {
    renameSync(staging, prefix);
  } catch (error) {
    if (replace) renameIfExists(aside, prefix);
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (!["ENOTEMPTY", "EEXIST", "ENOTDIR"].includes(code)) throw error;
    throw new SpackOciError("ERR_PREFIX_OCCUPIED", `Something else is at ${prefix}.`, {
      kind: "conflict",
      place: prefix,
      hint: `Remove it, or replace it with "--force" if nothing needs it.`,
      cause: error,
    });
  }
  if (replace) await removeTree(aside);
}

function renameIfExists(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
