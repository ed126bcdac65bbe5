// Cuts a body into chunks of one size and holds one of them in memory.

/** Chunks of exactly `size` bytes, except for the last one; none for an empty body. */
export async function* chunksOf(body: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    let rest = piece;
    while (length + rest.byteLength >= size) {
      const missing = size - length;
      yield Buffer.concat([...pieces, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      pieces = [];
      length = 0;
    }
    if (rest.byteLength > 0) pieces.push(rest);
    length += rest.byteLength;
  }
  if (length > 0) yield Buffer.concat(pieces);
}

/** A body without its first `count` bytes. */
export async function* skipBytes(body: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const piece of body) {
    const rest = piece.subarray(Math.min(left, piece.byteLength));
    left -= piece.byteLength - rest.byteLength;
    if (rest.byteLength > 0) yield rest;
  }
}
