// Brings the view of an environment up to date, and switches to it at once.

import { readlink, rename, rm, rmdir, stat, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { listDirectory, makeDirectories } from "@spack-oci/files";
import type { SpecNode } from "@spack-oci/spack-spec";
import { contentHash } from "../descriptor/content-hash.js";
import { selectPackages, withoutOldRuntimes } from "../descriptor/select-packages.js";
import type { ViewDescriptor } from "../descriptor/view-descriptor.js";
import type { ViewPackages } from "../descriptor/view-packages.js";
import { addPackages } from "../links/add-packages.js";
import { lstatIfAny } from "../merge/lstat-if-any.js";
import type { MergeConflict } from "../merge/merge-conflict.js";
import { needsRecipe, readRecipes } from "../recipes/read-recipes.js";

/** What became of a view. */
export type ViewChange =
  | { readonly outcome: "unchanged"; readonly packages: number }
  | {
      readonly outcome: "updated";
      readonly packages: number;
      /** Files that are not in the view, because another package has a file at the same path. */
      readonly conflicts: readonly MergeConflict[];
      /** The directory of the previous view, if it could not be removed. */
      readonly leftover?: string | undefined;
    }
  /** Not touched: the recipes of these packages take part in making the view, and only Spack can run them. */
  | { readonly outcome: "needs-spack"; readonly packages: number; readonly because: readonly SpecNode[] };

/**
 * Makes the view in a new directory, which is named after its content, and replaces the link at the view's root. If
 * that directory is the current one, nothing is done. Users see the previous view until then, and after any error.
 *
 * Source: `environment/environment.py`, `ViewDescriptor.regenerate`. Only one process at a time may regenerate the
 * views of an environment; Spack locks the environment meanwhile.
 *
 * @throws SpackOciError `ERR_VIEW_IN_THE_WAY` (`conflict`) if something else is at the root or in the new directory,
 *   `ERR_VIEW_FAILED` for errors of the file system, and like {@link addPackages}
 */
export async function regenerateView(
  descriptor: ViewDescriptor,
  packages: ViewPackages,
): Promise<ViewChange> {
  try {
    return await regenerate(descriptor, packages);
  } catch (cause) {
    if (isSpackOciError(cause)) throw cause;
    const { code, path, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new SpackOciError("ERR_VIEW_FAILED", `Could not make the view ${descriptor.root}: ${message}`, {
      kind: "failed",
      place: path ?? descriptor.root,
      hint: HINTS[code] ?? "Fix that, and pull again.",
      cause,
    });
  }
}

const HINTS: Readonly<Record<string, string>> = {
  EXDEV: "Hard links cannot cross file systems: use `link_type: symlink` or `copy`.",
  ENOSPC: "Free some space, and pull again.",
};

async function regenerate(descriptor: ViewDescriptor, packages: ViewPackages): Promise<ViewChange> {
  const { root } = descriptor;
  const { graph, prefixOf } = packages;
  const selected = selectPackages(descriptor, packages);
  const recipes = await readRecipes(selected, prefixOf);
  const nodes = withoutOldRuntimes(selected, ({ hash }) => recipes.get(hash)?.isRuntime === true);
  const name = contentHash(descriptor, { graph, nodes, prefixOf });
  const next = join(dirname(root), `._${basename(root)}`, name);
  const previous = await currentDirectory(root);
  if (next === previous) return { outcome: "unchanged", packages: nodes.length };

  const because = nodes.filter((node) => {
    const traits = recipes.get(node.hash);
    return traits !== undefined && needsRecipe(node, traits, { descriptor, graph });
  });
  if (because.length > 0) return { outcome: "needs-spack", packages: nodes.length, because };

  await requireFree(next);
  await makeWayForLink(root);
  const conflicts = await fill(next, descriptor, { nodes, packages });
  const leftover = previous === undefined ? undefined : await removePrevious(previous, next);
  return { outcome: "updated", packages: nodes.length, conflicts, leftover };
}

/** What the link at the root refers to; undefined if there is no link. */
async function currentDirectory(root: string): Promise<string | undefined> {
  const status = await lstatIfAny(root);
  if (status?.isSymbolicLink() !== true) return undefined;
  const target = await readlink(root);
  return isAbsolute(target) ? target : join(dirname(root), target);
}

/**
 * Exists while a directory is being filled, so that the remains of a killed process are not taken for a user's files.
 */
function markerOf(directory: string): string {
  return `${directory}.unfinished`;
}

/** Spack's `_error_on_nonempty_view_dir`: someone removed a part of a view, but not all of it. */
async function requireFree(directory: string): Promise<void> {
  if ((await lstatIfAny(markerOf(directory))) !== undefined)
    await rm(directory, { recursive: true, force: true });
  const status = await lstatIfAny(directory);
  if (status === undefined) return;
  if (status.isDirectory() && (await listDirectory(directory, () => true)).length === 0) return;
  throw inTheWay(directory, `Remove ${directory}, and pull again.`);
}

/** Removes an empty directory. Spack replaces a file without asking; this does not. */
async function makeWayForLink(root: string): Promise<void> {
  const status = await lstatIfAny(root);
  if (status === undefined || status.isSymbolicLink()) return;
  if (!status.isDirectory()) throw inTheWay(root, `Move ${root} away, or choose another root for the view.`);
  try {
    await rmdir(root);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (!["ENOTEMPTY", "EEXIST"].includes(code)) throw error;
    throw inTheWay(root, "Move the directory away, or choose another root for the view.");
  }
}

function inTheWay(path: string, hint: string): SpackOciError {
  return new SpackOciError("ERR_VIEW_IN_THE_WAY", `Cannot make a view: ${path} already exists.`, {
    kind: "conflict",
    place: path,
    hint,
  });
}

async function fill(
  next: string,
  { root, linkType, projections }: ViewDescriptor,
  { nodes, packages }: { readonly nodes: readonly SpecNode[]; readonly packages: ViewPackages },
): Promise<readonly MergeConflict[]> {
  const link = join(dirname(root), "._view_link");
  try {
    await makeDirectories(dirname(next));
    await writeFile(markerOf(next), "");
    await makeDirectories(next);
    const conflicts = await addPackages({ path: next, linkType, projections }, nodes, packages);
    await rm(link, { force: true });
    await symlink(next, link);
    await rename(link, root);
    return conflicts;
  } catch (error) {
    await rm(next, { recursive: true, force: true });
    await rm(link, { force: true });
    throw error;
  } finally {
    await rm(markerOf(next), { force: true });
  }
}

/**
 * Removes the previous directory, unless it is elsewhere: then a user made the link.
 *
 * @returns the directory if it cannot be removed
 */
async function removePrevious(previous: string, next: string): Promise<string | undefined> {
  try {
    const [own, other] = await Promise.all([stat(dirname(next)), stat(dirname(previous))]);
    if (own.dev !== other.dev || own.ino !== other.ino) return undefined;
    await rm(previous, { recursive: true, force: true });
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === "ENOENT" || code === "ENOTDIR" ? undefined : previous;
  }
}
