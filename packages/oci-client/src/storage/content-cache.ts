// The cache of small content, as a target sees it.

import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import type { StoredContent } from "./stored-content.js";

/** Bytes to cache. */
export type CacheableBytes = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Caches fetched content by its digest. Failures of the cache are not errors: it just has less. */
export interface ContentCache {
  /** The content, verified; undefined if it is not cached. */
  read(descriptor: Descriptor): Promise<Buffer | undefined>;
  /** The same without reading it into memory. */
  open(descriptor: Descriptor): Promise<StoredContent | undefined>;
  /**
   * Caches content, whole or in pieces, if possible.
   *
   * @param bytes Errors of an iterator are thrown.
   */
  write(descriptor: Descriptor, bytes: CacheableBytes): Promise<void>;
  /**
   * A note on content: a JSON document with facts that were derived from it; undefined if there is none, or if it is
   * damaged. Notes are not verified; they rely on the user being the only one who can write to the cache.
   *
   * @param kind The kind of note: lower-case letters and digits.
   */
  readNote(digest: Digest, kind: string): Promise<unknown>;
  /** Replaces the note of a kind on content, if possible. */
  writeNote(digest: Digest, kind: string, note: unknown): Promise<void>;
  /** A note that is not JSON; damage is not noticed. */
  readBytes(digest: Digest, kind: string): Promise<Buffer | undefined>;
  /** Replaces such a note, if possible. */
  writeBytes(digest: Digest, kind: string, bytes: Uint8Array): Promise<void>;
}
