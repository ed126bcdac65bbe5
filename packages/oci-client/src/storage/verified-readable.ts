// Joins a source of bytes with their verification into the one stream that a fetch returns.
import { pipeline, type Readable } from "node:stream";
import type { Descriptor } from "../content/descriptor.js";
import { verifying } from "../content/verify.js";
import type { TransferOptions } from "./target.js";

/**
 * The bytes of `source`, failing with kind `corrupt` before the end when they are not those of the descriptor; also
 * failing when `signal` is aborted. Destroying the result destroys the source.
 */
export function verifiedReadable(
  source: Readable,
  descriptor: Descriptor,
  { place, signal, onBytes }: TransferOptions & { readonly place: string },
): Readable {
  const verified = verifying(descriptor, place, onBytes);
  const abort = () => verified.destroy(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  // The stream that is returned tells of errors itself; this callback only tidies up.
  return pipeline(source, verified, () => signal?.removeEventListener("abort", abort));
}
