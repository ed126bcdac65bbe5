// Collects everything from a stream or an async iterable.

/** All items. */
export async function collectAll<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** All bytes of a stream. */
export async function collectBytes(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await collectAll(stream));
}
