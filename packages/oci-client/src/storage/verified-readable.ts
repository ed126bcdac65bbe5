// Joins a source of bytes and their verification into the stream that a fetch returns.

import { pipeline, type Readable } from "node:stream";
import type { Descriptor } from "../content/descriptor.js";
import { verifying } from "../content/verify.js";
import { onAbort } from "./on-abort.js";
import type { TransferOptions } from "./target.js";

/**
 * The bytes of `source`. Fails with kind `corrupt` before the end if they do not match the descriptor, and when
 * `signal` is aborted. Destroying the result destroys the source.
 */
export function verifiedReadable(
  source: Readable,
  descriptor: Descriptor,
  { place, signal, onBytes }: TransferOptions & { readonly place: string },
): Readable {
  const verified = verifying(descriptor, place, onBytes);
  const release = onAbort(signal, () => verified.destroy(signal?.reason));
  // The returned stream reports errors itself; this callback only cleans up.
  return pipeline(source, verified, release);
}
