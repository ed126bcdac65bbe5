// Whatever a header says, relocation ends, writes within the file, and leaves one that can still be read.

import { isSpackOciError } from "@spack-oci/errors";
import { MemoryFile } from "@spack-oci/files";
import fc from "fast-check";
import { expect, it } from "vitest";
import { LC_DYLD_ENVIRONMENT, LC_LOAD_WEAK_DYLIB } from "../../src/macho/load-command.js";
import { parseMachO } from "../../src/macho/macho-file.js";
import { PrefixMap } from "../../src/prefixes/prefix-map.js";
import { relocateBinaryInMemory } from "../../src/relocate/relocate-binary.js";
import { fatImage, KINDS, linkerSignedImage, machOImage, USUAL_PATHS } from "../support/macho-images.js";
import { blob, oldDirectory, superBlob } from "../support/macho-signatures.js";

const RUNS = 10_000;

/** More than all new signatures of the largest image, with the alignment of its architectures. */
const MAX_GROWTH = 256 * 1024;

/** The magic of signatures. */
const SIGNATURE = Buffer.from("fade0cc0", "hex");

/** Refuses to grow without end. */
class CheckedFile extends MemoryFile {
  readonly #max = this.size + MAX_GROWTH;

  override writeNow(bytes: Buffer, position: number): void {
    expect(position).toBeGreaterThanOrEqual(0);
    expect(position + bytes.length).toBeLessThanOrEqual(this.#max);
    super.writeNow(bytes, position);
  }
}

const paths = [
  ...USUAL_PATHS,
  [LC_LOAD_WEAK_DYLIB, "/old/store/weak/lib/libz.dylib"],
  [LC_DYLD_ENVIRONMENT, "DYLD_LIBRARY_PATH=/old/store/a"],
] as const;
const thin = KINDS.flatMap(([, kind]) => [
  machOImage({ ...kind, paths, infoPlist: "<plist/>" }),
  machOImage({ ...kind, paths, signature: superBlob([[0, oldDirectory()]], 16) }),
]);
const identity = superBlob([
  [0, oldDirectory()],
  [5, blob(0xfade7171, Buffer.from("<plist/>"))],
  [0x1000, oldDirectory()],
  [0x10000, blob(0xfade0b01, Buffer.alloc(300, 1))],
]);
const signed = [
  linkerSignedImage({ paths, infoPlist: "<plist/>" }),
  Buffer.concat([linkerSignedImage({ paths }), Buffer.from("archive")]),
  machOImage({ paths, signature: identity }),
];
const images = [
  ...thin,
  ...signed,
  fatImage(thin.slice(0, 3)),
  fatImage(thin.slice(2, 5), 4),
  fatImage(signed),
  Buffer.concat([fatImage(signed.slice(0, 1)), Buffer.from("archive")]),
];

const maps = ["/n", "/new/store", "/a/much/longer/store"].map(
  (root) => new PrefixMap([["/old/store", root]]),
);

/** Numbers that are likely to be just right, or just wrong. */
const word = fc.oneof(
  fc.integer({ min: 0, max: 64 }),
  fc.integer({ min: 0, max: 0x2000 }),
  fc.constantFrom(0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff),
  fc.constantFrom(0xd, 0xc, 0x1d, 0x19, 0x1, 0x8000001c, 0x80000018, 0x27, 0x32),
);

const mutation = fc.record({
  at: fc.integer({ min: 0, max: 250 }),
  value: word,
  bigEndian: fc.boolean(),
  /** Whether it hits the beginning of an architecture, or a signature. */
  place: fc.constantFrom("header", "second", "signature", "end"),
});

it("survives any header", () => {
  fc.assert(
    fc.property(
      fc.nat(images.length - 1),
      fc.nat(maps.length - 1),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      fc.option(fc.integer({ min: 0, max: 0x3000 })),
      (imageIndex, mapIndex, mutations, length) => {
        const [image, map] = [images[imageIndex], maps[mapIndex]];
        if (image === undefined || map === undefined) throw new Error("no such case");
        const bytes = Buffer.from(image.subarray(0, length ?? image.length));
        for (const { at, value, bigEndian, place } of mutations) {
          const signature = bytes.indexOf(SIGNATURE);
          const start = { header: 0, second: 4096, signature, end: bytes.length - 256 }[place];
          const position = start + at;
          if (position < 0 || position + 4 > bytes.length) continue;
          if (bigEndian) bytes.writeUInt32BE(value, position);
          else bytes.writeUInt32LE(value, position);
        }
        const wasReadable = parseMachO(new MemoryFile(Buffer.from(bytes))) !== undefined;
        const file = new CheckedFile(bytes);
        try {
          relocateBinaryInMemory(file, { map, name: "lib/libx.dylib", platform: "darwin" });
        } catch (error) {
          if (!isSpackOciError(error) || error.code !== "ERR_SIGNATURE_ROOM") throw error;
        }
        if (wasReadable) expect(parseMachO(file)).toBeDefined();
      },
    ),
    { numRuns: RUNS },
  );
}, 600_000);
