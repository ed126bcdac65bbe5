// Writes a package that arrives entry by entry: each file once, in its final form if its bytes are known to be final.
// What was written is remembered, so that the manifest needs no second look at it.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { encodeFileName, type MemoryFile, type OpenFile, PacedFile } from "@spack-oci/files";
import { type FileStatus, sha1Of, sha1OfParts } from "./describe-entry.js";
import { sbangInsertion, startOf, withSbang } from "./filter-shebang.js";
import { type EntryOptions, NewEntries } from "./new-entries.js";

/** Where an entry goes. */
export interface ArrivingPlace {
  /** By which it is known later: any that is unique. */
  readonly name: string;
  readonly path: string | Buffer;
  /** Creates something at the path; `make` fails with EEXIST if something is there, and is called again without it. */
  create<T>(make: (path: string | Buffer) => T): T;
}

/** The attributes of a file in its package. */
export interface ArrivingFile {
  readonly mode: number;
  /** Seconds since 1970; a file that was changed is dated now. */
  readonly mtime: number;
}

/** A file as it was written. */
export interface WrittenFile {
  readonly status: FileStatus;
  /** One character is a byte. */
  readonly sha1: string;
  /** Whether it has other names, or had: they change its status. */
  isShared: boolean;
  /** Whether each further name gets a file of its own, as with Spack's sbang. */
  readonly isSingle: boolean;
  /** Whether its bytes are not final yet. */
  isUnfinished: boolean;
}

export interface ArrivingOptions extends EntryOptions {
  /** Counts the bytes that remembering files takes; those that get none are looked at again in the end. */
  readonly remembered: {
    /** @returns whether it took them; if so, they are given back */
    take(bytes: number): boolean;
    give(bytes: number): void;
  };
  /** The script that runs scripts with long interpreter lines. */
  readonly sbangPath: string;
  /** Of the package, this machine's by default. */
  readonly platform?: string | undefined;
}

/** Bytes that a file takes besides its name. */
const FILE_OVERHEAD = 400;

const HASH_BANG = Buffer.from("#!");

/** The entries of one package, whose directories come before what is in them. */
export class ArrivingPrefix {
  readonly #entries: NewEntries;
  readonly #sbang: Pick<ArrivingOptions, "sbangPath" | "platform">;
  readonly #files = new Map<string, WrittenFile>();
  readonly #memory: ArrivingOptions["remembered"];
  /** Bytes of that memory. */
  #taken = 0;

  constructor(options: ArrivingOptions) {
    this.#entries = new NewEntries(options);
    this.#sbang = options;
    this.#memory = options.remembered;
  }

  /** @throws as `NewEntries` does, like all methods */
  directory(path: string | Buffer): void {
    this.#entries.directory(path);
  }

  symlink(place: ArrivingPlace, target: string): void {
    place.create((path) => this.#entries.symlink(encodeFileName(target), path));
    this.#files.delete(place.name);
  }

  /** @param target a regular file that was written before */
  hardlink(place: ArrivingPlace, target: Pick<ArrivingPlace, "name" | "path">): void {
    const file = this.#files.get(target.name);
    if (file?.isSingle === true) {
      const bytes = fs.readFileSync(target.path);
      this.#write(place, [bytes], { mode: Number(file.status.mode), mtime: undefined, isSingle: true });
      return;
    }
    place.create((path) => fs.linkSync(target.path, path));
    if (file === undefined) {
      this.#files.delete(place.name);
      return;
    }
    file.isShared = true;
    this.#remember(place.name, file);
  }

  /**
   * Writes a file whose content is in memory, with its line for sbang.
   *
   * @param isFinal whether nothing else will change it; if not, sbang is left for the end
   */
  file(
    place: ArrivingPlace,
    { mode, mtime }: ArrivingFile,
    { content, isFinal }: { readonly content: MemoryFile; readonly isFinal: boolean },
  ): void {
    const { parts, isChanged } = content;
    const { sbangPath, platform } = this.#sbang;
    const insertion =
      (mode & 0o111) === 0 ? undefined : sbangInsertion(startOf(content), sbangPath, platform);
    if (insertion !== undefined && isFinal) {
      this.#write(place, [withSbang(content.bytes, insertion)], { mode, mtime: undefined, isSingle: true });
      return;
    }
    this.#write(place, parts, { mode, mtime: isChanged ? undefined : mtime, isSingle: false });
    if (insertion !== undefined) this.revisit(place.name);
  }

  /**
   * Writes a file of any size in chunks.
   *
   * @param change changes the file when it is complete, through its descriptor; returns whether it did
   */
  async longFile(
    place: ArrivingPlace,
    { mode, mtime }: ArrivingFile,
    {
      chunks,
      change,
    }: {
      readonly chunks: AsyncIterable<Buffer>;
      readonly change?: ((file: OpenFile) => Promise<boolean>) | undefined;
    },
  ): Promise<void> {
    const descriptor = place.create((path) => this.#entries.open(path, mode));
    try {
      const file = new PacedFile(descriptor);
      const digest = createHash("sha1");
      let position = 0;
      let start: Buffer = Buffer.alloc(0);
      for await (const chunk of chunks) {
        if (start.length < HASH_BANG.length)
          start = Buffer.concat([start, chunk.subarray(0, HASH_BANG.length)]);
        digest.update(chunk);
        file.writeNow(chunk, position);
        position += chunk.length;
      }
      const isChanged = (await change?.(file)) ?? false;
      const sha1 = isChanged ? await sha1Of(file) : digest.digest();
      const status = this.#entries.complete(place.path, descriptor, {
        mode,
        mtime: isChanged ? undefined : mtime,
      });
      const isScript = (mode & 0o111) !== 0 && start.subarray(0, HASH_BANG.length).equals(HASH_BANG);
      this.#written(place.name, { status, sha1, isSingle: false, isUnfinished: isScript });
    } finally {
      fs.closeSync(descriptor);
    }
  }

  /** Gives a link its group if it was replaced. @returns its final status */
  regroupLink(path: Buffer, status: fs.BigIntStats): fs.BigIntStats {
    return this.#entries.regroupLink(path, status);
  }

  /** Dates a directory like those of Spack's layers, once its entries are complete. */
  date(path: string | Buffer): void {
    this.#entries.date(path, 0);
  }

  /** Notes that a file is changed, or has to be, so that it is finished and looked at again in the end. */
  revisit(name: string): void {
    const file = this.#files.get(name);
    if (file !== undefined) file.isUnfinished = true;
  }

  /** What was written; undefined for links, and for files that are not remembered. */
  find(name: string): WrittenFile | undefined {
    return this.#files.get(name);
  }

  /** Forgets everything that was written, and gives its memory back. */
  forget(): void {
    this.#files.clear();
    this.#memory.give(this.#taken);
    this.#taken = 0;
  }

  #write(
    place: ArrivingPlace,
    parts: readonly Buffer[],
    { mode, mtime, isSingle }: { mode: number; mtime: number | undefined; isSingle: boolean },
  ): void {
    const status = place.create((path) => this.#entries.file(path, { parts, mode, mtime }));
    const sha1 = sha1OfParts(parts);
    this.#written(place.name, { status, sha1, isSingle, isUnfinished: false });
  }

  #written(
    name: string,
    written: Pick<WrittenFile, "isSingle" | "isUnfinished"> & { status: fs.BigIntStats; sha1: Buffer },
  ): void {
    const { mode, uid, gid, size, mtimeNs, ctimeNs } = written.status;
    this.#remember(name, {
      ...written,
      status: { mode, uid, gid, size, mtimeNs, ctimeNs },
      sha1: written.sha1.toString("latin1"),
      isShared: false,
    });
  }

  #remember(name: string, file: WrittenFile): void {
    this.#files.delete(name);
    const bytes = name.length + FILE_OVERHEAD;
    if (!this.#memory.take(bytes)) return;
    this.#taken += bytes;
    this.#files.set(name, file);
  }
}
