// A tar member, independent of the dialect that wrote it.

/** The types of members that an install prefix consists of; anything else is `other`. */
export type TarEntryType = "file" | "directory" | "symlink" | "hardlink" | "other";

/** One member's metadata. Names are decoded by `decodeFileName` and otherwise as the archive has them. */
export interface TarHeader {
  readonly name: string;
  readonly type: TarEntryType;
  /** Permission bits, 0..0o7777. */
  readonly mode: number;
  /** Bytes of content; 0 for everything but files. */
  readonly size: number;
  /** Modification time in whole seconds since 1970. */
  readonly mtime: number;
  /** Target of a symbolic link, or name of the member that a hard link refers to; empty otherwise. */
  readonly linkName: string;
}

/** Tar works in blocks of this many bytes. */
export const BLOCK_SIZE = 512;

/** An archive's length is a multiple of this many bytes (POSIX pax, "record"; Python's tarfile RECORDSIZE). */
export const RECORD_SIZE = 20 * BLOCK_SIZE;

/** Zero bytes between the end of a member's content and the next block. */
export function paddingAfter(size: number): number {
  return (BLOCK_SIZE - (size % BLOCK_SIZE)) % BLOCK_SIZE;
}
