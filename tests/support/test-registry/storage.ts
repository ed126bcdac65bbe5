// The test registry's contents, in memory: blobs, manifests, tags and open uploads of each repository.

import { createHash, randomUUID } from "node:crypto";

/** A stored manifest. */
export interface StoredManifest {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** One repository. */
export class StoredRepository {
  readonly blobs = new Map<string, Buffer>();
  readonly manifests = new Map<string, StoredManifest>();
  readonly tags = new Map<string, string>();
  readonly uploads = new Map<string, Buffer>();

  openUpload(): string {
    const id = randomUUID();
    this.uploads.set(id, Buffer.alloc(0));
    return id;
  }

  putManifest(mediaType: string, bytes: Buffer, tag?: string): string {
    const digest = digestFor("sha256", bytes);
    this.manifests.set(digest, { mediaType, bytes });
    if (tag !== undefined) this.tags.set(tag, digest);
    return digest;
  }

  putBlob(bytes: Buffer): string {
    const digest = digestFor("sha256", bytes);
    this.blobs.set(digest, bytes);
    return digest;
  }
}

/** All repositories, created on first use. */
export class Storage {
  readonly #repositories = new Map<string, StoredRepository>();

  repository(name: string): StoredRepository {
    const known = this.#repositories.get(name) ?? new StoredRepository();
    this.#repositories.set(name, known);
    return known;
  }
}

/** The digest of bytes with an algorithm. */
export function digestFor(algorithm: string, bytes: Buffer): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}
