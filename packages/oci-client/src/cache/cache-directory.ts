// Caches small content in a directory that several processes share: one file per digest; the oldest files are
// removed.

import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Descriptor } from "../content/descriptor.js";
import { algorithmOf, type Digest, digestOf, hexOf } from "../content/digest.js";
import { parseJsonOrUndefined } from "../content/json.js";
import { blobPath } from "../layout/layout-blobs.js";
import { isTemporary, temporaryPath } from "../layout/write-file.js";
import type { CacheableBytes, ContentCache } from "../storage/content-cache.js";
import { openStored, type StoredContent } from "../storage/stored-content.js";

/** The default size limit, in bytes. */
const DEFAULT_LIMIT = 512 * 1024 * 1024;

/** The fraction of the limit above which content is not cached, because it would displace too much. */
const LARGEST = 1 / 2;

/** The fraction of the limit after which a sweep runs. */
const PORTION = 1 / 8;

/** The age in milliseconds at which an unfinished file counts as abandoned. */
const OLDEST_TEMPORARY = 60 * 60 * 1000;

export interface CacheDirectoryOptions {
  /**
   * The size limit in bytes; 512 MiB if left out. Each writing process may exceed it by an eighth or the size of one
   * entry.
   */
  readonly limit?: number | undefined;
  /** Directories with blobs in the form of an image layout (`blobs/sha256/...`), which are read but never written. */
  readonly alsoRead?: readonly string[] | undefined;
}

/** The contents of a cache. */
export interface CacheUsage {
  readonly entries: number;
  readonly bytes: number;
}

interface KeptFile {
  readonly path: string;
  readonly size: number;
  /** When it was last read or written, in milliseconds. */
  readonly used: number;
}

export class CacheDirectory implements ContentCache {
  readonly directory: string;
  readonly limit: number;
  readonly #alsoRead: readonly string[];
  #untilSweep = 0;
  /** Whether the directory existed at the last write. */
  #exists = false;

  /** @param directory Created when something is cached. */
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

  async open(descriptor: Descriptor): Promise<StoredContent | undefined> {
    const own = this.#path(descriptor.digest);
    const kept = openStored(own, descriptor);
    if (kept !== undefined) {
      await markUsed(own);
      return kept;
    }
    for (const other of this.#alsoRead) {
      const found = openStored(blobPath(other, descriptor.digest), descriptor);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async write(descriptor: Descriptor, bytes: CacheableBytes): Promise<void> {
    if (descriptor.size > this.limit * LARGEST) return;
    await this.#put(this.#path(descriptor.digest), bytes, descriptor.size);
  }

  async readNote(digest: Digest, kind: string): Promise<unknown> {
    const bytes = await this.readBytes(digest, kind);
    return bytes && parseJsonOrUndefined(bytes.toString());
  }

  async writeNote(digest: Digest, kind: string, note: unknown): Promise<void> {
    await this.writeBytes(digest, kind, Buffer.from(JSON.stringify(note)));
  }

  async readBytes(digest: Digest, kind: string): Promise<Buffer | undefined> {
    const path = `${this.#path(digest)}.${kind}`;
    const bytes = await ifPossible(() => readFile(path));
    if (bytes !== undefined) await markUsed(path);
    return bytes;
  }

  async writeBytes(digest: Digest, kind: string, bytes: Uint8Array): Promise<void> {
    if (bytes.byteLength > this.limit * LARGEST) return;
    await this.#put(`${this.#path(digest)}.${kind}`, bytes, bytes.byteLength);
  }

  /** Writes a file if the file system allows it, and sweeps after enough writes. */
  async #put(path: string, bytes: CacheableBytes, size: number): Promise<void> {
    await ifPossible(() => this.#keep(path, bytes));
    this.#untilSweep -= size;
    if (this.#untilSweep < 0) await ifPossible(() => this.#sweep());
  }

  /** The size of the cache; zero if there is no directory. */
  async usage(): Promise<CacheUsage> {
    const files = await this.#files();
    return { entries: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
  }

  /**
   * Removes all entries.
   *
   * @returns what was removed.
   */
  async clear(): Promise<CacheUsage> {
    const usage = await this.usage();
    for (const { path } of await this.#files()) await rm(path, { force: true });
    return usage;
  }

  #path(digest: Digest): string {
    return join(this.directory, `${algorithmOf(digest)}-${hexOf(digest)}`);
  }

  /**
   * Not flushed to disk: entries are verified when they are read. Bytes in memory are written synchronously, as small
   * files are read.
   */
  async #keep(path: string, bytes: CacheableBytes): Promise<void> {
    if (!this.#exists) await mkdir(this.directory, { recursive: true, mode: 0o700 });
    this.#exists = true;
    const temporary = temporaryPath(this.directory, ".incoming");
    try {
      const options = { flag: "wx", mode: 0o600 };
      if (bytes instanceof Uint8Array) writeFileSync(temporary, bytes, options);
      else await writeFile(temporary, bytes, options);
      renameSync(temporary, path);
    } catch (error) {
      this.#exists = false;
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  /** Removes the entries that have been unused the longest until the rest fits the limit. */
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
      const written = (await ifPossible(() => stat(path)))?.mtimeMs ?? Date.now();
      if (Date.now() - written > OLDEST_TEMPORARY) await rm(path, { force: true });
    }
  }

  async #files(): Promise<KeptFile[]> {
    const names = (await ifPossible(() => readdir(this.directory))) ?? [];
    const files: KeptFile[] = [];
    for (const name of names) {
      if (!/^sha(256|512)-[0-9a-f]+(\.[a-z0-9]+)?$/.test(name)) continue;
      const path = join(this.directory, name);
      const found = await ifPossible(() => stat(path));
      if (found !== undefined) files.push({ path, size: found.size, used: found.mtimeMs });
    }
    return files;
  }
}

/** Recently used entries are removed last. */
async function markUsed(path: string): Promise<void> {
  const now = new Date();
  await ifPossible(() => utimes(path, now, now));
}

/** Bytes that are read synchronously, because the thread pool takes several times as long for a small file. */
const SMALL = 256 * 1024;

/** The content of a file, if it matches the descriptor; another process may have written anything. */
async function readVerified(path: string, { digest, size }: Descriptor): Promise<Buffer | undefined> {
  const found = await ifPossible(async () => statSync(path, { throwIfNoEntry: false }));
  if (found?.size !== size) return undefined;
  const bytes = await ifPossible(async () => (size > SMALL ? readFile(path) : readFileSync(path)));
  return bytes !== undefined && digestOf(bytes, algorithmOf(digest)) === digest ? bytes : undefined;
}

/** The result, or undefined if the file system refuses: a cache that cannot be used is an empty one. */
async function ifPossible<T>(task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return undefined;
    throw error;
  }
}
