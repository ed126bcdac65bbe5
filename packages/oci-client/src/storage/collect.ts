// Collects a stream of known length into memory.

/** @param stream fails by itself if it has fewer or more bytes than `size` */
export async function collect(stream: AsyncIterable<Uint8Array>, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let position = 0;
  for await (const chunk of stream) {
    bytes.set(chunk, position);
    position += chunk.byteLength;
  }
  return bytes;
}
