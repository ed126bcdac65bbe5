// Does to every file of an installed prefix what Spack's hooks do after an install, in one pass.

import type { BigIntStats } from "node:fs";
import { join } from "node:path";
import { decodeFileName, lstat, type OpenFile, openFile, sideBySide } from "@spack-oci/files";
import type { JsonObject } from "@spack-oci/spack-spec";

import { describeEntry, describeFile } from "./describe-entry.js";
import { filterShebang } from "./filter-shebang.js";
import { MANIFEST_PATH, ManifestFile } from "./manifest-file.js";
import { type PackagePermissions, setPermissions } from "./permissions.js";
import { type PrefixEntry, walkPrefix } from "./walk.js";

/** How a prefix is finished. */
export interface FinishOptions {
  /** Where the prefix will be; its manifest has paths below it. */
  readonly finalPrefix: string;
  readonly permissions: PackagePermissions;
  /** The script that runs others whose interpreter line is too long. */
  readonly sbangPath: string;
  /** Changes a file in place, if it has to; says whether it did. */
  readonly changeFile?: ((file: OpenFile) => Promise<boolean>) | undefined;
}

/**
 * Of each file the interpreter line, then whatever `changeFile` does, then mode and group, with
 * which it stands in `.spack/install_manifest.json`. What Spack does hook by hook (`spack/hooks`: sbang,
 * drop_redundant_rpaths, permissions_setters, write_install_manifest) comes to the same, because no hook looks at what another
 * does to other files. A manifest that came with the package is replaced, because its paths are those of the machine that
 * built it. Nothing but times may change afterwards.
 *
 * @throws SpackOciError `ERR_SBANG_PATH`, `ERR_PERMISSIONS_UNSAFE`; errors of the file system and of `changeFile` as they are
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

/** All entries, of which directories have their modes before they are opened. */
async function* readable(top: Buffer, permissions: PackagePermissions): AsyncGenerator<PrefixEntry> {
  for await (const entry of walkPrefix(top)) {
    if (entry.type === "directory") await setPermissions(entry.path, permissions);
    yield entry;
  }
}

class Finisher {
  readonly #options: FinishOptions;
  /** The last file with several names, which are finished one after the other: each finds done what was done before. */
  #shared: Promise<unknown> = Promise.resolve();

  constructor(options: FinishOptions) {
    this.#options = options;
  }

  /** @returns what the manifest says of the entry */
  async finish({ path, type }: PrefixEntry): Promise<JsonObject> {
    const status = await statusOf(path);
    if (type === "file") {
      if (status.nlink === 1n) return this.#file(path, status);
      const turn = this.#shared.then(async () => this.#file(path, await statusOf(path)));
      // Whoever asked for the turn hears of its failure.
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
      const isChanged = (await changeFile?.(file)) ?? false;
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
