// Reads a body into memory and verifies it on the way; for content that is known to be small.
import type { Descriptor } from "../content/descriptor.js";
import { DigestVerifier } from "../content/verify.js";
import type { BodyFactory, TransferOptions } from "./target.js";

/**
 * The bytes of a body.
 *
 * @throws SpackOciError of kind `corrupt` when they are not those of the descriptor.
 */
export async function readBody(
  descriptor: Descriptor,
  body: BodyFactory,
  { place, signal, onBytes }: TransferOptions & { readonly place: string },
): Promise<Buffer> {
  signal?.throwIfAborted();
  const verifier = new DigestVerifier(descriptor, place);
  const chunks: Buffer[] = [];
  for await (const chunk of (await body()) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    verifier.update(chunk);
    onBytes?.(chunk.byteLength);
    chunks.push(chunk);
  }
  verifier.finish();
  return Buffer.concat(chunks);
}
