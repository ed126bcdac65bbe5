// Digests of pages are those of a slow but obviously correct model, and only pages that changed are hashed.

import { createHash } from "node:crypto";
import { MemoryFile } from "@spack-oci/files";
import fc from "fast-check";
import { expect, it } from "vitest";
import { hashPages } from "../../../src/macho/sign/page-hashes.js";
import { SliceReader } from "../../../src/macho/slice-reader.js";

/** More pages than are read at once, the last of which is not whole. */
const PAGES = 150;
const CODE_LIMIT = 4096 * PAGES - 100;
const START = 16;

/** No two pages are equal. */
const code = Buffer.from(Uint8Array.from({ length: CODE_LIMIT }, (_, at) => at >>> 12));
const reader = new SliceReader(new MemoryFile(Buffer.concat([Buffer.alloc(START), code, Buffer.alloc(50)])), {
  offset: START,
  size: CODE_LIMIT + 50,
});
const right = Array.from({ length: PAGES }, (_, page) =>
  createHash("sha256")
    .update(code.subarray(4096 * page, 4096 * (page + 1)))
    .digest(),
);
const WRONG = Buffer.alloc(32, 0xee);

it("hashes every page if there are no digests to keep", () => {
  const hashes = hashPages(reader, { codeLimit: CODE_LIMIT, old: undefined, changes: [] });
  expect(hashes).toEqual(Buffer.concat(right));
});

it("hashes the pages that changed, and keeps the digests of the others", () => {
  const change = fc.record({ offset: fc.nat(4096 * PAGES), size: fc.integer({ min: 1, max: 30_000 }) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
      const old = Buffer.concat(right.map(() => WRONG));
      const isStale = (page: number) =>
        changes.some(({ offset, size }) => offset < 4096 * (page + 1) && offset + size > 4096 * page);
      const hashes = hashPages(reader, { codeLimit: CODE_LIMIT, old, changes });
      expect(hashes).toEqual(Buffer.concat(right.map((digest, page) => (isStale(page) ? digest : WRONG))));
      expect(old).toEqual(Buffer.concat(right.map(() => WRONG)));
    }),
  );
});
