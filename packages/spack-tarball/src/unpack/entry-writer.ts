// What takes the entries of a package as they arrive.

import type { MemoryFile } from "@spack-oci/files";
import type { TarHeader } from "../tar/tar-entry.js";

/** Where an entry goes. */
export interface EntryPlace {
  /** The normalized name of its member in the archive. */
  readonly name: string;
  /** Its path for now: it changes as long as the prefix in the archive is not known. */
  readonly path: string | Buffer;
  /**
   * Creates something at the path; what a previous member left there is removed.
   *
   * @param make fails with EEXIST if something exists at its argument, before it has done anything
   */
  create<T>(make: (path: string | Buffer) => T): T;
}

/** The content of a file, which can be read once. */
export interface EntryContent {
  /** In chunks, each of which is valid until the next. */
  chunks(): AsyncIterable<Buffer>;
  /** All of it, to be changed at will; valid until the entry is created. */
  inMemory(): Promise<MemoryFile>;
}

/** Creates entries. The directories that they are in have been created before. */
export interface EntryWriter {
  /** Creates a directory; fails with EEXIST if something else is there. */
  directory(place: Omit<EntryPlace, "create">): void;
  file(place: EntryPlace, header: TarHeader, content: EntryContent): Promise<void>;
  symlink(place: EntryPlace, target: string): void;
  /** @param target a regular file that was written before */
  hardlink(place: EntryPlace, target: Omit<EntryPlace, "create">): void;
}
