// Relocates a copy of an installed file, such as one in a view.

import { constants } from "node:fs";
import { chmod, fileSystemPath, lstat, type OpenFile, openFile } from "@spack-oci/files";
import { binaryFormatOf, MAGIC_LENGTH } from "../classify/binary-format.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";
import { relocateCStrings } from "./relocate-c-strings.js";
import { relocateText } from "./relocate-text.js";
import { problemOf, RelocationError } from "./relocation-error.js";

/** How prefixes change in copies. */
export interface CopyMaps {
  /** In ELF and Mach-O files, and in the targets of links. */
  readonly binaries: PrefixMap;
  /** In all other files. */
  readonly text: PrefixMap;
}

/** Permission of the owner to write. */
const OWNER_WRITE = 0o200;

/**
 * Changes a regular file in place. ELF files do not grow: their strings are only overwritten, as by Spack
 * (filesystem_view.py, `view_copy`). A file that is not writable is, for the moment; Spack fails there, except as root.
 *
 * @param path absolute
 * @throws RelocationError if a string of a binary does not fit
 */
export async function relocateCopy(path: string, { binaries, text }: CopyMaps): Promise<void> {
  if (binaries.size === 0 && text.size === 0) return;
  const file = await openForWriting(path);
  try {
    if (!(await isBinary(file))) {
      await relocateText({ file, path }, text);
      return;
    }
    const blocked = await relocateCStrings(file, binaries);
    if (blocked.length > 0) throw new RelocationError(blocked.map((string) => problemOf(path, string)));
  } finally {
    await file.close();
  }
}

async function isBinary(file: OpenFile): Promise<boolean> {
  const magic = Buffer.alloc(MAGIC_LENGTH);
  const { bytesRead } = await file.read(magic, { position: 0 });
  return binaryFormatOf(magic.subarray(0, bytesRead)) !== undefined;
}

async function openForWriting(path: string): Promise<OpenFile> {
  const place = fileSystemPath(path);
  const flags = constants.O_RDWR | constants.O_NOFOLLOW;
  try {
    return await openFile(place, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
  }
  const mode = (await lstat(place)).mode & 0o7777;
  await chmod(place, mode | OWNER_WRITE);
  try {
    return await openFile(place, flags);
  } finally {
    await chmod(place, mode);
  }
}
