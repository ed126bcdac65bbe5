// An archive in memory becomes the same layer as one that is streamed into a file.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { canWriteZstd } from "../../../../tests/support/zstd.js";
import { compressArchive } from "../../src/compression/compress-archive.js";
import { WRITTEN_COMPRESSIONS } from "../../src/compression/compressions.js";
import { spoolArchive } from "../../src/compression/spool-archive.js";
import { ENTRY_POINT } from "../../src/tar/archive-chunks.js";
import { freshPath } from "../support/directories.js";

const BLOCK = 512 * 1024;
const lengths = fc.oneof(
  fc.constantFrom(BLOCK, 2 * BLOCK, 4 * BLOCK, 4 * BLOCK + 1),
  fc.integer({ min: 1, max: 3_000_000 }),
);
const contents = fc.tuple(lengths, fc.boolean(), fc.nat(1000)).map(([length, isText, seed]) => {
  const bytes = Buffer.alloc(length, isText ? `spack ${seed} ` : 0);
  // Some noise, so that matches end here and there.
  for (let index = 0; index < length; index += 97 + (seed % 13)) bytes[index] = (index * 31 + seed) % 256;
  return bytes;
});

async function* streamed(chunks: readonly Buffer[]): AsyncGenerator<Buffer, void, undefined> {
  yield* chunks;
}

const compressions = WRITTEN_COMPRESSIONS.filter(
  (name) => name !== "zstd" || canWriteZstd("layers in memory"),
);

it.each(compressions)("equals the layer that is written to a file (%s)", async (compression) => {
  await fc.assert(
    fc.asyncProperty(contents, contents, async (content, end) => {
      const archive = [content, ENTRY_POINT, end];
      const path = freshPath();
      const { path: _, ...spooled } = await spoolArchive(streamed(archive), path, { compression });
      const { bytes, ...compressed } = await compressArchive(archive, compression);
      expect(compressed).toEqual(spooled);
      expect(bytes.equals(readFileSync(path))).toBe(true);
    }),
    { numRuns: 12 },
  );
});
