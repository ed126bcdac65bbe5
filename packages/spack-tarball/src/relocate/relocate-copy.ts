// Relocates a copy of an installed file, such as one in a view.

import { constants } from "node:fs";
import { chmod, fileSystemPath, lstat, type OpenFile, openFile } from "@spack-oci/files";
import { type BinaryFormat, binaryFormatOf, MAGIC_LENGTH } from "../classify/binary-format.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";
import { relocateCStrings } from "./relocate-c-strings.js";
import { relocateText } from "./relocate-text.js";
import { binaryFormatOfPlatform } from "./relocation.js";
import { problemOf, RelocationError } from "./relocation-error.js";
import { signChanged } from "./sign-changed.js";
import { WatchedFile } from "./watched-file.js";

/** How prefixes change in copies. */
export interface CopyMaps {
  /** In ELF and Mach-O files, and in the targets of links. */
  readonly binaries: PrefixMap;
  /** In all other files. */
  readonly text: PrefixMap;
  /** Of the spec. Mach-O files that change are signed in packages for macOS. */
  readonly platform?: string | undefined;
  /** Called with the path of each file whose signature was made with a developer's identity, and is now ad hoc. */
  readonly onIdentityLost?: ((path: string) => void) | undefined;
}

/** Permission of the owner to write. */
const OWNER_WRITE = 0o200;

/**
 * Changes a regular file in place. Binaries do not grow: their strings are only overwritten, as by Spack
 * (filesystem_view.py, `view_copy`). Mach-O files are signed then; Spack leaves signatures that are not valid, and Macs
 * with Apple silicon do not run such copies. A file that is not writable is, for the moment; Spack fails there, except
 * as root.
 *
 * @param path absolute
 * @throws RelocationError if a string of a binary does not fit
 * @throws SpackOciError `ERR_SIGNATURE_ROOM` if a Mach-O file has no place for a signature
 */
export async function relocateCopy(path: string, maps: CopyMaps): Promise<void> {
  const { binaries, text, platform, onIdentityLost } = maps;
  if (binaries.size === 0 && text.size === 0) return;
  const file = await openForWriting(path);
  try {
    const format = await formatOf(file);
    if (format === undefined) {
      await relocateText({ file, path }, text);
      return;
    }
    const watched = new WatchedFile(file);
    const blocked = await relocateCStrings(watched, binaries);
    if (blocked.length > 0) throw new RelocationError(blocked.map((string) => problemOf(path, string)));
    if (format === "mach-o" && binaryFormatOfPlatform(platform) === format)
      signChanged(watched, watched.changes, { name: path, onIdentityLost });
  } finally {
    await file.close();
  }
}

async function formatOf(file: OpenFile): Promise<BinaryFormat | undefined> {
  const magic = Buffer.alloc(MAGIC_LENGTH);
  const { bytesRead } = await file.read(magic, { position: 0 });
  return binaryFormatOf(magic.subarray(0, bytesRead));
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
