// Applies Spack's post-install hooks to every file of a prefix, in one pass.

import type { BigIntStats } from "node:fs";
import { join } from "node:path";
import { decodeFileName, lstat, openFile, type RandomAccess, sideBySide } from "@spack-oci/files";
import type { JsonObject } from "@spack-oci/spack-spec";

import { describeEntry, describeFile } from "./describe-entry.js";
import { filterShebang } from "./filter-shebang.js";
import { MANIFEST_PATH, ManifestFile } from "./manifest-file.js";
import { type PackagePermissions, setPermissions } from "./permissions.js";
import { type TreeEntry, walkTree } from "./walk.js";

/** How to finish a prefix. */
export interface FinishOptions {
  /** The final prefix, for the paths in the manifest. */
  readonly finalPrefix: string;
  readonly permissions: PackagePermissions;
  /** The script that runs scripts with long interpreter lines. */
  readonly sbangPath: string;
  /** Changes a file in place if necessary; returns whether it did. */
  readonly changeFile?: ((file: RandomAccess) => boolean) | undefined;
}

/**
 * For each file: the interpreter line, then `changeFile`, then mode and group, then its entry in
 * `.spack/install_manifest.json`. Spack goes hook by hook (`spack/hooks`: sbang, drop_redundant_rpaths,
 * permissions_setters, write_install_manifest) with the same result, because hooks treat files independently. A
 * manifest in the package is replaced, because its paths are those of the build machine. Only times may change
 * afterwards.
 *
 * @throws SpackOciError `ERR_SBANG_PATH`, `ERR_PERMISSIONS_UNSAFE`; errors of the file system and of `changeFile`
 *   unchanged
 */
export async function finishPrefix(prefix: string, options: FinishOptions): Promise<void> {
  const { finalPrefix, permissions } = options;
  const top = Buffer.from(prefix);
  await setPermissions(top, permissions);
  const path = join(prefix, MANIFEST_PATH);
  const manifest = await ManifestFile.create(path, finalPrefix);
  try {
    const finisher = new Finisher(options);
    const finished = sideBySide(readable(top, permissions), async (entry) => ({
      path: decodeFileName(entry.path.subarray(top.length + 1)),
      description: await finisher.finish(entry),
    }));
    for await (const entry of finished) await manifest.add(entry.path, entry.description);
    await manifest.add("", await describeEntry(top, await statusOf(top)));
    await manifest.end();
  } finally {
    await manifest.close();
  }
  await setPermissions(path, permissions);
}

/** All entries; directories get their modes before they are opened. */
async function* readable(top: Buffer, permissions: PackagePermissions): AsyncGenerator<TreeEntry> {
  for await (const entry of walkTree(top)) {
    if (entry.type === "directory") await setPermissions(entry.path, permissions);
    yield entry;
  }
}

class Finisher {
  readonly #options: FinishOptions;
  /**
   * The last file with several names. Such files are finished one after the other, so that each sees earlier changes.
   */
  #shared: Promise<unknown> = Promise.resolve();

  constructor(options: FinishOptions) {
    this.#options = options;
  }

  /** @returns the manifest entry */
  async finish({ path, type }: TreeEntry): Promise<JsonObject> {
    const status = await statusOf(path);
    if (type === "file") {
      if (status.nlink === 1n) return this.#file(path, status);
      const turn = this.#shared.then(async () => this.#file(path, await statusOf(path)));
      // The caller handles the failure.
      this.#shared = turn.catch(() => {});
      return turn;
    }
    const isSet = type === "other" && (await setPermissions(path, this.#options.permissions, status));
    return describeEntry(path, isSet ? await statusOf(path) : status);
  }

  async #file(path: Buffer, found: BigIntStats): Promise<JsonObject> {
    const { sbangPath, permissions, changeFile } = this.#options;
    const isReplaced = await filterShebang(path, sbangPath, found);
    const file = await openFile(path, changeFile === undefined ? "r" : "r+");
    try {
      const isChanged = changeFile?.(file) ?? false;
      const isSet = await setPermissions(path, permissions, isReplaced ? undefined : found);
      return await describeFile(file, isReplaced || isChanged || isSet ? await statusOf(path) : found);
    } finally {
      await file.close();
    }
  }
}

function statusOf(path: Buffer): Promise<BigIntStats> {
  return lstat(path, { bigint: true });
}
