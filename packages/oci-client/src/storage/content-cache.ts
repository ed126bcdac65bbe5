// What a cache of small content is to a target.
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";

/** Keeps content that was fetched, by its digest. Nothing that goes wrong in it is an error: it then has less. */
export interface ContentCache {
  /** The content, verified; undefined where it is not kept. */
  read(descriptor: Descriptor): Promise<Buffer | undefined>;
  /** Keeps content, or not. */
  write(descriptor: Descriptor, bytes: Uint8Array): Promise<void>;
  /**
   * What was found out about content and noted down, a JSON document; undefined where nothing was, or what is kept is none.
   * Nothing vouches for it but that only the user can write to the cache.
   *
   * @param kind what sort of note it is: lower-case letters and digits
   */
  readNote(digest: Digest, kind: string): Promise<unknown>;
  /** Notes something down about content, in place of an earlier note of that kind; or not. */
  writeNote(digest: Digest, kind: string, note: unknown): Promise<void>;
}
