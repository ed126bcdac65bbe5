// What a cache of small content is to a target.
import type { Descriptor } from "../content/descriptor.js";

/** Keeps content that was fetched, by its digest. Nothing that goes wrong in it is an error: it then has less. */
export interface ContentCache {
  /** The content, verified; undefined where it is not kept. */
  read(descriptor: Descriptor): Promise<Buffer | undefined>;
  /** Keeps content, or not. */
  write(descriptor: Descriptor, bytes: Uint8Array): Promise<void>;
}
