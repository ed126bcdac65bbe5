// Puts one file of a package into a view: as a link, or as a copy whose paths point into the view.

import {
  chmod,
  copyFile,
  encodeFileName,
  fileSystemPath,
  lchown,
  link,
  lstat,
  readlink,
  symlink,
  utimes,
} from "@spack-oci/files";
import { type CopyMaps, relocateCopy, relocatedTarget } from "@spack-oci/spack-tarball";
import type { LinkType } from "../descriptor/view-descriptor.js";

/** A file to put into a view. Paths are absolute. */
interface FileToLink {
  readonly source: string;
  readonly destination: string;
}

/** @param maps how the paths in a copy change; undefined if they stay as they are */
export type LinkFile = (file: FileToLink, maps: CopyMaps | undefined) => Promise<void>;

/** Source: `filesystem_view.py`, `view_symlink`, `view_hardlink` and `view_copy`. A link is copied as a link. */
const LINKERS: Readonly<Record<LinkType, LinkFile>> = {
  symlink: ({ source, destination }) => symlink(encodeFileName(source), encodeFileName(destination)),
  hardlink: ({ source, destination }) => link(fileSystemPath(source), fileSystemPath(destination)),
  copy,
};

export function linkerOf(type: LinkType): LinkFile {
  return LINKERS[type];
}

async function copy({ source, destination }: FileToLink, maps: CopyMaps | undefined): Promise<void> {
  const [from, to] = [fileSystemPath(source), fileSystemPath(destination)];
  const status = await lstat(from);
  if (status.isSymbolicLink()) {
    const target = await readlink(from, { encoding: "buffer" });
    const relocated = maps === undefined ? undefined : relocatedTarget(target, maps.binaries);
    await symlink(relocated ?? target, encodeFileName(destination));
    return;
  }
  await copyFile(from, to);
  await chmod(to, status.mode & 0o7777);
  await utimes(to, status.atimeMs / 1000, status.mtimeMs / 1000);
  if (maps === undefined) return;
  await relocateCopy(destination, maps);
  await changeOwner(to, status);
}

/** Like Spack, does without if only root may do it. */
async function changeOwner(
  path: string | Buffer,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<void> {
  try {
    await lchown(path, uid, gid);
  } catch (error) {
    if (!["EPERM", "EINVAL", "ENOSYS", "ENOTSUP"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
  }
}
