// Locates stores: Spack's install trees, which may be padded, with their databases.

import { type Dirent, existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { addPadding, isPaddingName, withoutPadding } from "./padding.js";

/** The paths of a store (`spack/store.py`). */
export interface Store {
  /** The directory that contains all prefixes, including padding. */
  readonly root: string;
  /** The directory without padding, as configured; the same as `root` if the store is not padded. */
  readonly unpaddedRoot: string;
  /** The script that runs scripts with long interpreter lines, below the unpadded root. */
  readonly sbangPath: string;
  /** `.spack-db` in the root. */
  readonly databaseDirectory: string;
}

/** Padding has one directory per 27 characters of the longest path. */
const MAX_PADDING_DEPTH = 160;

/**
 * The store with a given root, whether or not it exists; `paddedLength` as in Spack's configuration.
 *
 * @example
 * ```ts
 * import { storeAt } from "@spack-oci/spack-store";
 *
 * const store = storeAt("/opt/store", 128);
 * console.log(store.root.length, store.unpaddedRoot); // 128 /opt/store
 * ```
 */
export function storeAt(unpaddedRoot: string, paddedLength = 0): Store {
  const plain = resolve(unpaddedRoot);
  return storeOf(addPadding(plain, paddedLength), plain);
}

/** The store of a configured install tree, whether or not it exists. */
export function storeOfInstallTree(tree: {
  readonly unpaddedRoot: string;
  readonly paddedLength: number;
}): Store {
  return storeOf(addPadding(tree.unpaddedRoot, tree.paddedLength), tree.unpaddedRoot);
}

/**
 * Finds the store in `directory`, which either contains `.spack-db`, or is the unpadded root of a padded store.
 *
 * @throws SpackOciError `ERR_STORE_NOT_FOUND` if there is none, `ERR_STORE_AMBIGUOUS` if there are several
 */
export async function openStore(directory: string): Promise<Store> {
  const start = resolve(directory);
  if (existsSync(join(start, ".spack-db"))) return storeOf(start, await unpaddedRootOf(start));
  const [root, ...others] = await paddedRootsBelow(start, 0);
  if (root === undefined) {
    throw new SpackOciError(
      "ERR_STORE_NOT_FOUND",
      `${start} is not a Spack store (no .spack-db directory).`,
      {
        kind: "not-found",
        place: start,
        hint: "Give the directory of config:install_tree:root (run `spack config get config` to show it).",
      },
    );
  }
  if (others.length === 0) return storeOf(root, start);
  throw new SpackOciError(
    "ERR_STORE_AMBIGUOUS",
    `${start} contains several padded stores: ${[root, ...others].join(", ")}.`,
    {
      kind: "usage",
      place: start,
      hint: "Give one of them.",
    },
  );
}

function storeOf(root: string, unpaddedRoot: string): Store {
  return {
    root,
    unpaddedRoot,
    sbangPath: join(unpaddedRoot, "bin", "sbang"),
    databaseDirectory: join(root, ".spack-db"),
  };
}

/** Padding shorter than a placeholder is recognized by sbang next to it. */
async function unpaddedRootOf(root: string): Promise<string> {
  const stripped = withoutPadding(root);
  if (stripped !== root || !isPaddingName(basename(root))) return stripped;
  const parent = dirname(root);
  return existsSync(join(parent, "bin", "sbang")) ? parent : root;
}

async function paddedRootsBelow(directory: string, depth: number): Promise<readonly string[]> {
  if (depth > MAX_PADDING_DEPTH) return [];
  const found: string[] = [];
  for (const entry of await subdirectories(directory)) {
    if (!isPaddingName(entry.name)) continue;
    const path = join(directory, entry.name);
    if (existsSync(join(path, ".spack-db"))) found.push(path);
    found.push(...(await paddedRootsBelow(path, depth + 1)));
  }
  return found;
}

async function subdirectories(directory: string): Promise<readonly Dirent[]> {
  const isDirectory = await stat(directory).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!isDirectory) return [];
  return (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory());
}
