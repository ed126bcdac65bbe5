// Writes the entries of a package as they are in its layer.

import * as fs from "node:fs";
import { encodeFileName, type OnRefusal, tolerating } from "@spack-oci/files";
import type { TarHeader } from "../tar/tar-entry.js";
import type { EntryContent, EntryPlace, EntryWriter } from "./entry-writer.js";

const DIRECTORY_MODE = 0o755;

/** Directories get the modes and times of Spack's layers. */
export class PlainWriter implements EntryWriter {
  readonly #onRefusal: OnRefusal | undefined;

  /** @param onRefusal takes what the file system refuses; without it a refusal is an error */
  constructor(onRefusal: OnRefusal | undefined) {
    this.#onRefusal = onRefusal;
  }

  directory({ path }: Omit<EntryPlace, "create">): void {
    fs.mkdirSync(path, { mode: DIRECTORY_MODE });
  }

  async file(place: EntryPlace, { mode, mtime }: TarHeader, content: EntryContent): Promise<void> {
    const descriptor = place.create((path) => fs.openSync(path, "wx", mode));
    try {
      for await (const chunk of content.chunks()) {
        for (let done = 0; done < chunk.length; ) done += fs.writeSync(descriptor, chunk, done);
      }
      tolerating(this.#onRefusal, "mode", () => fs.fchmodSync(descriptor, mode));
      tolerating(this.#onRefusal, "time", () => fs.futimesSync(descriptor, mtime, mtime));
    } finally {
      fs.closeSync(descriptor);
    }
  }

  symlink(place: EntryPlace, target: string): void {
    place.create((path) => fs.symlinkSync(encodeFileName(target), path));
  }

  hardlink(place: EntryPlace, target: Omit<EntryPlace, "create">): void {
    place.create((path) => fs.linkSync(target.path, path));
  }

  /** Sets mode and time of a directory whose entries are complete. */
  finish(directory: string | Buffer): void {
    tolerating(this.#onRefusal, "mode", () => fs.chmodSync(directory, DIRECTORY_MODE));
    tolerating(this.#onRefusal, "time", () => fs.utimesSync(directory, 0, 0));
  }
}
