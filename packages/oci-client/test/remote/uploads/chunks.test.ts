// Chunks hold the same bytes as the body, however it is split.

import fc from "fast-check";
import { expect, test } from "vitest";
import { chunksOf, skipBytes } from "../../../src/remote/uploads/chunks.js";

const body = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });

async function* from(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const collected: Uint8Array[] = [];
  for await (const chunk of chunks) collected.push(chunk);
  return collected;
}

test("all chunks but the last have the given size, and none is empty", async () => {
  await fc.assert(
    fc.asyncProperty(body, fc.integer({ min: 1, max: 50 }), async (pieces, size) => {
      const chunks = await collect(chunksOf(from(pieces), size));
      expect(Buffer.concat(chunks).equals(Buffer.concat(pieces))).toBe(true);
      expect(chunks.slice(0, -1).every((chunk) => chunk.byteLength === size)).toBe(true);
      expect(chunks.every((chunk) => chunk.byteLength > 0 && chunk.byteLength <= size)).toBe(true);
    }),
  );
});

test("skips exactly the given number of bytes", async () => {
  await fc.assert(
    fc.asyncProperty(body, fc.nat(500), async (pieces, count) => {
      const rest = Buffer.concat(await collect(skipBytes(from(pieces), count)));
      expect(rest.equals(Buffer.concat(pieces).subarray(count))).toBe(true);
    }),
  );
});
