// Reads and writes a Spack v3 mirror in a directory.

import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { isMissing, SpackOciError } from "@spack-oci/errors";
import { onAbort, type TransferOptions, verifying } from "@spack-oci/oci-client";
import { MAX_MIRROR_FILE_SIZE } from "../../failures/content-limits.js";
import { oversized } from "../../failures/unpack-gzip.js";
import { blobPath, SPEC_MANIFEST_SUFFIX, SPEC_MANIFESTS_PATH } from "./layout.js";
import type { BlobRecord } from "./manifest.js";
import type { MirrorFiles } from "./mirror-files.js";

/** Files below a directory, which are always written atomically. */
export class DirectoryFiles implements MirrorFiles {
  readonly name: string;

  constructor(directory: string) {
    this.name = resolve(directory);
  }

  async read(path: string): Promise<Buffer> {
    const place = join(this.name, path);
    try {
      if ((await stat(place)).size > MAX_MIRROR_FILE_SIZE) throw oversized(place, MAX_MIRROR_FILE_SIZE);
      return await readFile(place);
    } catch (error) {
      throw isMissing(error) ? notFound(this.name, path) : error;
    }
  }

  async open(record: BlobRecord, { onBytes, signal }: TransferOptions = {}): Promise<Readable> {
    const path = pathOf(record);
    if (!(await this.has(record))) throw notFound(this.name, path);
    const source = createReadStream(join(this.name, path));
    const release = onAbort(signal, () => source.destroy(signal?.reason));
    // The returned stream reports its own errors.
    return pipeline(source, verifying(record, join(this.name, path), onBytes), release);
  }

  async exists(path: string): Promise<boolean> {
    return (await this.#size(path)) !== undefined;
  }

  /** Whether a blob exists with its expected size. */
  async has(record: BlobRecord): Promise<boolean> {
    return (await this.#size(pathOf(record))) === record.size;
  }

  async #size(path: string): Promise<number | undefined> {
    try {
      return (await stat(join(this.name, path))).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async specManifests(): Promise<readonly string[]> {
    try {
      const found = await readdir(join(this.name, SPEC_MANIFESTS_PATH), { recursive: true });
      const manifests = found.filter((path) => path.endsWith(SPEC_MANIFEST_SUFFIX));
      return manifests.map((path) => `${SPEC_MANIFESTS_PATH}/${path}`).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** Writes a file, and replaces an existing one. */
  async write(path: string, content: string | Buffer | AsyncIterable<Uint8Array>): Promise<void> {
    const place = join(this.name, path);
    await mkdir(dirname(place), { recursive: true });
    // Written beside its final path, under a name that Spack ignores.
    const temporary = join(dirname(place), `.${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
    try {
      const file = await open(temporary, "wx");
      try {
        await writeFile(file, content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, place);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /**
   * Writes a blob unless it exists.
   *
   * @returns whether it was written
   */
  async writeBlob(
    record: BlobRecord,
    content: () => Promise<Buffer | AsyncIterable<Uint8Array>>,
  ): Promise<boolean> {
    if (await this.has(record)) return false;
    await this.write(pathOf(record), await content());
    return true;
  }
}

function pathOf({ digest }: BlobRecord): string {
  const [algorithm = "", checksum = ""] = digest.split(":");
  return blobPath(algorithm, checksum);
}

function notFound(directory: string, path: string): SpackOciError {
  return new SpackOciError("ERR_URL_MIRROR_MISSING", `${directory} has no ${path}.`, {
    kind: "not-found",
    place: join(directory, path),
    hint: "Check the directory; it must be a mirror of Spack 1.0 or newer.",
  });
}
