// Removes the prefix of a package, and the directories around it that become empty.

import { constants } from "node:fs";
import { access, chmod, lstat, readlink, rm, rmdir, stat, unlink } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { isDenial, isSystemError, reasonOf, SpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { InstallDatabase } from "../database/record.js";
import { removeTree } from "./remove-tree.js";
import type { Store } from "./store.js";

/** Whether a directory exists; links are followed, as by `os.path.isdir`. */
export async function isPresent(prefix: string): Promise<boolean> {
  try {
    return (await stat(prefix)).isDirectory();
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw removalError(prefix, error);
  }
}

/**
 * Removes a prefix with all its files, then its parent directories up to the root as far as they are empty
 * (`DirectoryLayout.remove_install_directory` in `spack/directory_layout.py`). The prefix is the recorded one; Spack
 * takes the one of its current projections. The spec in the prefix goes first, so that what an interruption leaves does
 * not pass for an installed package. Permissions within the prefix do not matter, only those of its owner.
 *
 * @throws SpackOciError `ERR_PREFIX_UNSAFE` (`conflict`) for a path outside of the store, or one that holds other
 *   packages; `ERR_PREFIX_REMOVAL` if the file system does not allow it
 */
export async function removePrefix(store: Store, prefix: string, database: InstallDatabase): Promise<void> {
  const path = resolve(prefix);
  requireSafe(store, path, database);
  try {
    if ((await lstat(path)).isSymbolicLink()) throw unsafe(path, "it is a symbolic link");
    await access(dirname(path), constants.W_OK | constants.X_OK);
    for (const name of ["spec.json", "spec.yaml"]) await removeMetadata(join(path, ".spack", name));
    await removeTree(path);
  } catch (error) {
    throw removalError(path, error);
  }
  await removeEmptyParents(store, path);
}

/**
 * Removes the link that stands for a deprecated package, and its spec in the prefix of the replacement
 * (`DirectoryLayout.deprecated_file_path`).
 *
 * @throws SpackOciError as {@link removePrefix} does
 */
export async function removeDeprecatedLink(store: Store, prefix: string, { hash }: SpecNode): Promise<void> {
  const path = resolve(prefix);
  requireInside(store, path);
  try {
    const target = resolve(dirname(path), await readlink(path));
    await unlink(path);
    for (const name of ["spec.yaml", "spec.json"])
      await rm(join(target, ".spack", "deprecated", `${hash}_${name}`), { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw removalError(path, error);
  }
  await removeEmptyParents(store, path);
}

/** Opens up a directory that a package made read-only. */
async function removeMetadata(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    if (!isDenial(error)) throw error;
    await chmod(dirname(path), 0o700);
    await rm(path, { force: true });
  }
}

async function removeEmptyParents({ root }: Store, path: string): Promise<void> {
  for (let parent = dirname(path); parent !== root; parent = dirname(parent)) {
    try {
      await rmdir(parent);
    } catch (error) {
      // An empty directory that stays does no harm.
      if (!isSystemError(error)) throw error;
      if (error.code !== "ENOENT") return;
    }
  }
}

function requireSafe(store: Store, path: string, { records }: InstallDatabase): void {
  requireInside(store, path);
  for (const { path: other, installed, spec } of records.values()) {
    if (!installed || other === null || other === path || spec.external !== undefined) continue;
    if (isBelow(other, path)) throw unsafe(path, `${other} is another package`);
  }
}

function requireInside({ root, databaseDirectory }: Store, path: string): void {
  if (!isBelow(path, root)) throw unsafe(path, `it is not below ${root}`);
  if (isBelow(databaseDirectory, path) || isBelow(path, databaseDirectory) || path === databaseDirectory)
    throw unsafe(path, "it holds the database");
}

function isBelow(path: string, directory: string): boolean {
  const rest = relative(directory, path);
  return rest !== "" && rest !== ".." && !rest.startsWith("../") && !isAbsolute(rest);
}

function unsafe(path: string, why: string): SpackOciError {
  return new SpackOciError("ERR_PREFIX_UNSAFE", `${path} was not removed: ${why}.`, {
    kind: "conflict",
    place: path,
    hint: "The database is wrong about this prefix; check it, and run `spack-oci reindex` to rebuild the database.",
  });
}

function removalError(path: string, cause: unknown): unknown {
  if (!isSystemError(cause)) return cause;
  const isDenied = isDenial(cause);
  return new SpackOciError("ERR_PREFIX_REMOVAL", `Could not remove ${path}: ${reasonOf(cause)}.`, {
    kind: isDenied ? "denied" : "failed",
    place: path,
    hint: isDenied
      ? "Run as the owner of the store; the package is still recorded, so the same command resumes the removal."
      : "Check the file system of the store, then run the same command again.",
    cause,
  });
}
