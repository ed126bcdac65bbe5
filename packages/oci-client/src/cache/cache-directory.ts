// Keeps small content in a directory that several processes share: a file per digest, the oldest ones removed.
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Descriptor } from "../content/descriptor.js";
import { algorithmOf, type Digest, digestOf, hexOf } from "../content/digest.js";
import { parseJsonOrUndefined } from "../content/json.js";
import { blobPath } from "../layout/layout-blobs.js";
import { isTemporary, temporaryPath } from "../layout/write-file.js";
import type { ContentCache } from "../storage/content-cache.js";

/** Bytes. */
const DEFAULT_LIMIT = 512 * 1024 * 1024;

/** Of the limit: content longer than this would push out too much, and after writing this much there is a sweep. */
const PORTION = 1 / 8;

/** Milliseconds after which a file that is still being written was left behind. */
const OLDEST_TEMPORARY = 60 * 60 * 1000;

export interface CacheDirectoryOptions {
  /** Bytes that may be kept; 512 MiB without. Each process that writes may go beyond it by an eighth. */
  readonly limit?: number | undefined;
  /** Directories with blobs as an image layout has them (`blobs/sha256/...`), which are read and never written. */
  readonly alsoRead?: readonly string[] | undefined;
}

/** What a cache holds. */
export interface CacheUsage {
  readonly entries: number;
  readonly bytes: number;
}

interface KeptFile {
  readonly path: string;
  readonly size: number;
  /** Milliseconds; when it was last read or written. */
  readonly used: number;
}

export class CacheDirectory implements ContentCache {
  readonly directory: string;
  readonly limit: number;
  readonly #alsoRead: readonly string[];
  #untilSweep = 0;

  /** @param directory made when something is kept */
  constructor(directory: string, { limit = DEFAULT_LIMIT, alsoRead = [] }: CacheDirectoryOptions = {}) {
    this.directory = directory;
    this.limit = limit;
    this.#alsoRead = alsoRead;
  }

  async read(descriptor: Descriptor): Promise<Buffer | undefined> {
    const own = this.#path(descriptor.digest);
    const kept = await readVerified(own, descriptor);
    if (kept !== undefined) {
      await markUsed(own);
      return kept;
    }
    for (const other of this.#alsoRead) {
      const found = await readVerified(blobPath(other, descriptor.digest), descriptor);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async write(descriptor: Descriptor, bytes: Uint8Array): Promise<void> {
    if (bytes.byteLength > this.limit * PORTION) return;
    await this.#put(this.#path(descriptor.digest), bytes);
  }

  async readNote(digest: Digest, kind: string): Promise<unknown> {
    const path = `${this.#path(digest)}.${kind}`;
    const text = await ifPossible(readFile(path, "utf8"));
    if (text === undefined) return undefined;
    await markUsed(path);
    return parseJsonOrUndefined(text);
  }

  async writeNote(digest: Digest, kind: string, note: unknown): Promise<void> {
    await this.#put(`${this.#path(digest)}.${kind}`, Buffer.from(JSON.stringify(note)));
  }

  /** Keeps a file as far as the file system lets, and removes others when much has come. */
  async #put(path: string, bytes: Uint8Array): Promise<void> {
    await ifPossible(this.#keep(path, bytes));
    this.#untilSweep -= bytes.byteLength;
    if (this.#untilSweep < 0) await ifPossible(this.#sweep());
  }

  /** What is kept; nothing where there is no directory. */
  async usage(): Promise<CacheUsage> {
    const files = await this.#files();
    return { entries: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
  }

  /** Removes everything that is kept, and says what that was. */
  async clear(): Promise<CacheUsage> {
    const usage = await this.usage();
    for (const { path } of await this.#files()) await rm(path, { force: true });
    return usage;
  }

  #path(digest: Digest): string {
    return join(this.directory, `${algorithmOf(digest)}-${hexOf(digest)}`);
  }

  /** Not flushed to disk, because what is read is verified. */
  async #keep(path: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const temporary = temporaryPath(this.directory, ".incoming");
    try {
      await writeFile(temporary, bytes, { flag: "wx", mode: 0o600 });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Removes what was not used for longest, as far as there is too much. */
  async #sweep(): Promise<void> {
    this.#untilSweep = this.limit * PORTION;
    const files = (await this.#files()).sort((one, other) => other.used - one.used);
    let bytes = 0;
    for (const { path, size } of files) {
      bytes += size;
      if (bytes > this.limit) await rm(path, { force: true });
    }
    for (const name of (await readdir(this.directory)).filter(isTemporary)) {
      const path = join(this.directory, name);
      const written = (await ifPossible(stat(path)))?.mtimeMs ?? Date.now();
      if (Date.now() - written > OLDEST_TEMPORARY) await rm(path, { force: true });
    }
  }

  async #files(): Promise<KeptFile[]> {
    const names = (await ifPossible(readdir(this.directory))) ?? [];
    const files: KeptFile[] = [];
    for (const name of names) {
      if (!/^sha(256|512)-[0-9a-f]+(\.[a-z0-9]+)?$/.test(name)) continue;
      const path = join(this.directory, name);
      const found = await ifPossible(stat(path));
      if (found !== undefined) files.push({ path, size: found.size, used: found.mtimeMs });
    }
    return files;
  }
}

/** What was used lately is removed last. */
async function markUsed(path: string): Promise<void> {
  const now = new Date();
  await ifPossible(utimes(path, now, now));
}

/** What a file holds, if that is what the descriptor says; a file that another process wrote may be anything. */
async function readVerified(path: string, { digest, size }: Descriptor): Promise<Buffer | undefined> {
  const found = await ifPossible(stat(path));
  if (found?.size !== size) return undefined;
  const bytes = await ifPossible(readFile(path));
  return bytes !== undefined && digestOf(bytes, algorithmOf(digest)) === digest ? bytes : undefined;
}

/** The result, or undefined where the file system refuses: a cache that cannot be used is an empty one. */
async function ifPossible<T>(task: Promise<T>): Promise<T | undefined> {
  try {
    return await task;
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return undefined;
    throw error;
  }
}
