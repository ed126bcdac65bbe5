// The chunked search in binaries agrees with Spack's algorithm over whole files.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CStringPatches } from "../../src/prefixes/c-string-patches.js";
import { PrefixMap } from "../../src/prefixes/prefix-map.js";
import { paddedEntries, prefixEntries, textOver } from "../support/arbitraries.js";
import { cutAt, latin1 } from "../support/bytes.js";
import { modelRelocatedBinary } from "../support/models.js";

/** Names are passed in UTF-8, as always; the models work on bytes. */
const asNames = (entries: readonly (readonly [string, string])[]) =>
  new PrefixMap(entries.map(([old, replacement]) => [decoded(old), decoded(replacement)]));
const decoded = (bytes: string) =>
  Array.from(bytes, (byte) => (byte > "\x7f" ? String.fromCharCode(0xdc00 + byte.charCodeAt(0)) : byte)).join(
    "",
  );

function patched(entries: readonly (readonly [string, string])[], chunks: readonly Buffer[]) {
  const search = new CStringPatches(asNames(entries));
  const bytes = Buffer.concat(chunks);
  let pushed = 0;
  const apply = (patches: ReturnType<CStringPatches["push"]>) => {
    for (const patch of patches) {
      expect(patch.position + patch.bytes.length).toBeLessThanOrEqual(pushed);
      patch.bytes.copy(bytes, patch.position);
    }
  };
  for (const chunk of chunks) {
    pushed += chunk.length;
    apply(search.push(Buffer.from(chunk)));
  }
  apply(search.end());
  const blocked = search.blocked.map(({ position, reason, found }) => ({
    position,
    reason,
    found: found.toString("latin1"),
  }));
  return { bytes, blocked };
}

describe("CStringPatches", () => {
  it.each([
    ["/aaaaaaaaaaaaaaaa", "/b", "x/aaaaaaaaaaaaaaaa\0y", "x/b\0aaaaaaaaaaaaaa\0y"],
    ["/aaaaaaaaaaaaaaaa", "/b", "x/aaaaaaaaaaaaaaaa/lib\0y", "x/b/lib\0aaaaaaaaaa/lib\0y"],
    ["/aaaaaaaaaaaaaaaa", "/b", "x/aaaaaaaaaaaaaaaa/lib/libfoo.so\0y", "x////////////////b/lib/libfoo.so\0y"],
    ["/aaaaaa", "/b", "x/aaaaaa/lib/xx\0y", "x//////b/lib/xx\0y"],
    ["/a/pkg-hash123", "/pkg-hash123", "x/a/pkg-hash123\0y", "x///pkg-hash123\0y"],
  ])("%s becomes %s", (old, replacement, before, after) => {
    expect(patched([[old, replacement]], [latin1(before)])).toEqual({ bytes: latin1(after), blocked: [] });
  });

  it.each([
    ["/aaaaaa", "/b", "x/aaaaaa\0y", "cannot-shrink", "/aaaaaa"],
    ["/aaaaaa", "/b", "x/aaaaaa/li\0y", "cannot-shrink", "/aaaaaa/li"],
    ["/a", "/bb", "x/a\0y", "cannot-grow", "/a"],
    ["/a", "/b", "x/a\0y", "cannot-shrink", "/a"],
  ])("%s cannot become %s in a string that ends soon", (old, replacement, text, reason, found) => {
    expect(patched([[old, replacement]], [latin1(text)])).toEqual({
      bytes: latin1(text),
      blocked: [{ position: 1, reason, found }],
    });
  });

  it("gives the same patches for any two cuts", () => {
    const entries: [string, string][] = [
      ["/padding/padding/p-1", "/n/p-1"],
      ["/padding/padding", "/n"],
    ];
    const binary = latin1(
      "\0/padding/padding\0/padding/padding/p-1/lib\0:/padding/padding:/padding/padding/x/y/z/w\0/padding",
    );
    const expected = modelRelocatedBinary(entries, binary);
    for (let first = 0; first <= binary.length; first += 1) {
      for (let second = first; second <= binary.length; second += 1) {
        const chunks = [binary.subarray(0, first), binary.subarray(first, second), binary.subarray(second)];
        expect(patched(entries, chunks)).toEqual(expected);
      }
    }
  });

  it.each([
    ["short prefixes", prefixEntries],
    ["long prefixes", paddedEntries],
  ])("does what the specification says, in chunks of any size: %s", (_, entryLists) => {
    fc.assert(
      fc.property(
        entryLists.chain((entries) =>
          fc.tuple(
            fc.constant(entries),
            textOver(entries.map(([old]) => old)),
            fc.array(fc.nat(400), { maxLength: 12 }),
          ),
        ),
        ([entries, binary, cuts]) => {
          expect(patched(entries, cutAt(binary, cuts))).toEqual(modelRelocatedBinary(entries, binary));
        },
      ),
      { numRuns: 1500 },
    );
  });
});
