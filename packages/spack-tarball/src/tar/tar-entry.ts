// What a tar member is, whichever dialect wrote it.

/** The kinds of member that an install prefix is made of; anything else is `other`. */
export type TarEntryType = "file" | "directory" | "symlink" | "hardlink" | "other";

/** One member's metadata. Names are decoded as `decodeFileName` does and keep the archive's own spelling. */
export interface TarHeader {
  readonly name: string;
  readonly type: TarEntryType;
  /** Permission bits, 0..0o7777. */
  readonly mode: number;
  /** Bytes of content; 0 for everything but files. */
  readonly size: number;
  /** Modification time in whole seconds since 1970. */
  readonly mtime: number;
  /** Target of a symbolic link, or member name that a hard link repeats; empty otherwise. */
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
