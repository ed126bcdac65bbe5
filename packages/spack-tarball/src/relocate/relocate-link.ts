// Points an absolute symbolic link below the new prefix (Spack: relocate.py, relocate_links).

import { symlink, unlink } from "@spack-oci/files";
import { encodeFileName, fileSystemPath } from "../names/file-name.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";

const SLASH = 0x2f;

/**
 * Relative targets and targets elsewhere stay as they are.
 *
 * @param target where the link at `path` points now
 */
export async function relocateLink(path: string, target: Buffer, map: PrefixMap): Promise<void> {
  if (target[0] !== SLASH) return;
  const relocated = map.replaceStart(target);
  if (relocated === undefined) return;
  await unlink(fileSystemPath(path));
  await symlink(relocated, encodeFileName(path));
}
