// Points an absolute symbolic link to the new prefix (Spack: relocate.py, `relocate_links`).

import { encodeFileName, fileSystemPath, symlink, unlink } from "@spack-oci/files";
import type { PrefixMap } from "../prefixes/prefix-map.js";

const SLASH = 0x2f;

/** The new target of a link; undefined for relative targets and targets elsewhere, which do not change. */
export function relocatedTarget(target: Buffer, map: PrefixMap): Buffer | undefined {
  return target[0] === SLASH ? map.replaceStart(target) : undefined;
}

/** @param target current target of the link at `path` */
export async function relocateLink(path: string, target: Buffer, map: PrefixMap): Promise<void> {
  const relocated = relocatedTarget(target, map);
  if (relocated === undefined) return;
  await unlink(fileSystemPath(path));
  await symlink(relocated, encodeFileName(path));
}
