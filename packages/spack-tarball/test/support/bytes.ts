// Makes and collects streams of bytes.

/** The chunks of a stream as one buffer; each is copied before the next is requested. */
export async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** `bytes` in chunks of at most `size` bytes, then `failure` if there is one. */
export async function* chunked(bytes: Buffer, size = 4096, failure?: Error): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  if (failure !== undefined) throw failure;
}

/** `bytes` cut at the given places. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length));
}

export const latin1 = (text: string) => Buffer.from(text, "latin1");
