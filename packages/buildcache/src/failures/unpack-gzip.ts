// Unpacks small content that is compressed, without holding more of it than its limit.

import { createGunzip, gunzipSync } from "node:zlib";
import { SpackOciError } from "@spack-oci/errors";

/** The bytes of a gzip file, and where they come from, for messages. */
export interface Packed {
  readonly bytes: Buffer;
  readonly place: string;
  /** The longest content in bytes. */
  readonly limit: number;
}

/**
 * The content of a gzip file. Its length is counted before any of it is held: a megabyte can unpack to a gigabyte.
 *
 * @throws SpackOciError `ERR_CONTENT_OVERSIZED` (`corrupt`) if it is longer than the limit, `ERR_CONTENT_COMPRESSION`
 *   (`corrupt`) if it is damaged
 */
export async function unpackGzip({ bytes, place, limit }: Packed): Promise<Buffer> {
  try {
    if ((await lengthWithin(limit, bytes)) > limit) throw oversized(place, limit);
    return gunzipSync(bytes);
  } catch (cause) {
    if (cause instanceof SpackOciError) throw cause;
    throw new SpackOciError("ERR_CONTENT_COMPRESSION", `${place} cannot be decompressed.`, {
      kind: "corrupt",
      place,
      cause,
      hint: "It is truncated or damaged; write it again.",
    });
  }
}

/** The error for content that is longer than any real one. */
export function oversized(place: string, limit: number): SpackOciError {
  return new SpackOciError("ERR_CONTENT_OVERSIZED", `${place} has more than ${limit} bytes.`, {
    kind: "corrupt",
    place,
    hint: "Check what wrote it; content of this kind is never that large.",
  });
}

/** The unpacked length; counting ends at the limit. */
async function lengthWithin(limit: number, bytes: Buffer): Promise<number> {
  const unpacking = createGunzip();
  unpacking.end(bytes);
  let length = 0;
  for await (const chunk of unpacking as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) break;
  }
  return length;
}
