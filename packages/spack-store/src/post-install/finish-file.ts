// Applies Spack's post-install hooks to a file on disk.

import { openFile, type RandomAccess } from "@spack-oci/files";
import { sha1Of } from "./describe-entry.js";
import { filterShebang } from "./filter-shebang.js";
import { type PackagePermissions, setPermissions } from "./permissions.js";

/** How to finish a file. */
export interface FinishOptions {
  readonly permissions: PackagePermissions;
  /** The script that runs scripts with long interpreter lines. */
  readonly sbangPath: string;
  /** Of the package, this machine's by default. */
  readonly platform?: string | undefined;
  /** Changes a file in place if necessary; returns whether it did. */
  readonly changeFile?: ((file: RandomAccess) => boolean) | undefined;
}

/**
 * The interpreter line, then `changeFile`, then mode and group (`spack/hooks`: sbang, drop_redundant_rpaths,
 * permissions_setters).
 *
 * @param path of a regular file
 * @returns the SHA-1 of what it contains in the end
 * @throws SpackOciError `ERR_SBANG_PATH`, `ERR_PERMISSIONS_UNSAFE`; errors of the file system and of `changeFile`
 *   unchanged
 */
export async function finishFile(
  path: Buffer,
  { permissions, sbangPath, platform, changeFile }: FinishOptions,
): Promise<Buffer> {
  await filterShebang(path, sbangPath, platform);
  const file = await openFile(path, changeFile === undefined ? "r" : "r+");
  try {
    changeFile?.(file);
    await setPermissions(path, permissions);
    return await sha1Of(file);
  } finally {
    await file.close();
  }
}
