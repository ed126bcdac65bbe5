// Reads a small body into memory and verifies it on the way.

import type { Descriptor } from "../content/descriptor.js";
import { DigestVerifier } from "../content/verify.js";
import { bytesOf } from "./bytes.js";
import type { BodyFactory, TransferOptions } from "./target.js";

/**
 * The bytes of a body.
 *
 * @throws SpackOciError of kind `corrupt` if they do not match the descriptor.
 */
export async function readBody(
  descriptor: Descriptor,
  body: BodyFactory,
  { place, signal, onBytes }: TransferOptions & { readonly place: string },
): Promise<Buffer> {
  signal?.throwIfAborted();
  const verifier = new DigestVerifier(descriptor, place);
  const chunks: Buffer[] = [];
  const take = (chunk: Buffer) => {
    signal?.throwIfAborted();
    verifier.update(chunk);
    onBytes?.(chunk.byteLength);
    chunks.push(chunk);
  };
  const held = bytesOf(body);
  if (held !== undefined) take(Buffer.from(held.buffer, held.byteOffset, held.byteLength));
  else for await (const chunk of (await body()) as AsyncIterable<Buffer>) take(chunk);
  verifier.finish();
  return Buffer.concat(chunks);
}
