// Files that change get the ad-hoc signature that codesign would make, where there is room for one.

import { createHash } from "node:crypto";
import { MemoryFile } from "@spack-oci/files";
import { describe, expect, it } from "vitest";
import { MH_EXECUTE, MH_OBJECT, parseMachO } from "../../../src/macho/macho-file.js";
import { UnsupportedMachOError } from "../../../src/macho/macho-format.js";
import { signFile } from "../../../src/macho/sign/sign-file.js";
import { fatImage, KINDS, linkerSignedImage, machOImage } from "../../support/macho-images.js";
import {
  blob,
  LINKER_SIGNED,
  oldDirectory,
  signaturesIn,
  superBlob,
} from "../../support/macho-signatures.js";

const NO_REQUIREMENTS = blob(0xfade0c01, Buffer.alloc(4));
const NO_CERTIFICATE = blob(0xfade0b01, Buffer.alloc(0));
const X86 = 0x01000007;
const AD_HOC = 2;

/** A file with one change at its start, or with what the caller changed, after signing. */
function signed(bytes: Buffer, { name = "lib/libx.1.dylib", at = 0, size = 1 } = {}) {
  const file = new MemoryFile(Buffer.from(bytes));
  const outcome = signFile(file, { name, changes: [{ offset: at, size }] });
  return { ...outcome, file, bytes: file.bytes, signatures: signaturesIn(file) };
}

function segmentsOf(file: MemoryFile) {
  return parseMachO(file)?.map(({ segments, reader }) => {
    const last = segments.at(-1);
    return { end: (last?.offset ?? 0) + (last?.size ?? 0), sliceEnd: reader.size };
  });
}

describe.each(KINDS)("signFile: %s", (_, kind) => {
  it("makes room for a signature at the end of the last segment", () => {
    const image = machOImage({ ...kind, signature: superBlob([[0, oldDirectory()]]) });
    const { file, signatures, hadIdentity } = signed(image);
    expect(signatures).toMatchObject([{ identifier: "libx.1", flags: AD_HOC, wrongPages: [] }]);
    expect(signatures[0]?.codeLimit).toBe(4096 + 16);
    expect(hadIdentity).toBe(false);
    expect(segmentsOf(file)).toEqual([{ end: file.size, sliceEnd: file.size }]);
    expect(signed(file.bytes, { size: file.size }).bytes).toEqual(file.bytes);
  });
});

describe("signFile", () => {
  const signedImage = signed(machOImage({ text: "code".repeat(5000) }));

  it("has the blobs and digests of codesign", () => {
    const { signatures } = signed(machOImage({ fileType: MH_EXECUTE }));
    expect(signatures).toMatchObject([{ executable: [0, 4096, 1], hashedSlots: [2], wrongPages: [] }]);
    expect([...(signatures[0]?.blobs ?? [])]).toEqual([
      [2, NO_REQUIREMENTS],
      [0x10000, NO_CERTIFICATE],
    ]);
  });

  it("has a digest of the embedded Info.plist", () => {
    const { signatures } = signed(machOImage({ infoPlist: "<plist/>" }));
    expect(signatures).toMatchObject([{ hashedSlots: [1, 2] }]);
  });

  it("signs code for Apple silicon that had no signature, and no other", () => {
    expect(signed(machOImage({})).signatures).toMatchObject([{ wrongPages: [] }]);
    expect(signed(machOImage({ cpuType: X86 })).signatures).toEqual([]);
    expect(signed(machOImage({ fileType: MH_OBJECT })).signatures).toEqual([]);
    expect(signed(machOImage({ padding: 15 })).signatures).toEqual([]);
    expect(signed(machOImage({ padding: 16 })).signatures).toHaveLength(1);
    const trailing = Buffer.concat([machOImage({}), Buffer.from("more")]);
    expect(signed(trailing).bytes).toEqual(trailing);
  });

  it("does not change a file in which nothing changed", () => {
    const file = new MemoryFile(machOImage({}));
    expect(signFile(file, { name: "x", changes: [] })).toEqual({ hadIdentity: false });
    expect(file.isChanged).toBe(false);
  });

  it("keeps the digests of pages that did not change", () => {
    const bytes = Buffer.from(signedImage.bytes);
    bytes[3 * 4096] = 0;
    bytes[4 * 4096 - 1] = 0;
    bytes[4 * 4096] = 0;
    expect(signed(bytes, { at: 4 * 4096 }).signatures).toMatchObject([{ wrongPages: [3] }]);
    expect(signed(bytes, { at: 4 * 4096 - 1, size: 2 }).signatures).toMatchObject([{ wrongPages: [] }]);
  });

  it("replaces the signature of an identity, and says so", () => {
    const entitlements = blob(0xfade7171, Buffer.from("<plist/>"));
    const der = blob(0xfade7172, Buffer.from("der"));
    const signature = superBlob(
      [
        [0, oldDirectory()],
        [5, entitlements],
        [7, der],
        [0x10000, blob(0xfade0b01, Buffer.alloc(4000, 1))],
      ],
      200,
    );
    const { hadIdentity, signatures, bytes } = signed(machOImage({ signature }));
    expect(hadIdentity).toBe(true);
    expect(signatures).toMatchObject([{ flags: AD_HOC, hashedSlots: [2, 5, 7], wrongPages: [] }]);
    expect([...(signatures[0]?.blobs ?? [])]).toEqual([
      [2, NO_REQUIREMENTS],
      [5, entitlements],
      [7, der],
      [0x10000, NO_CERTIFICATE],
    ]);
    expect(bytes.length).toBe(machOImage({ signature }).length);
    expect(bytes.subarray(-3000).every((byte) => byte === 0)).toBe(true);
  });

  it.each([
    ["a directory that ends early", superBlob([[0, blob(0xfade0c02, Buffer.alloc(2))]])],
    ["an impossible number of blobs", Buffer.from("fade0cc0000000100fffffff00000000", "hex")],
    ["no magic", Buffer.alloc(64, 1)],
  ])("replaces a broken signature: %s", (_, signature) => {
    expect(signed(machOImage({ signature })).signatures).toMatchObject([{ wrongPages: [] }]);
  });

  it("moves the architectures of a universal binary that follow", () => {
    const [first, second] = [machOImage({ cpuType: X86, signature: Buffer.alloc(4080) }), machOImage({})];
    const longer = Buffer.concat([machOImage({ signature: Buffer.alloc(16) })]);
    for (const image of [
      fatImage([first, second]),
      fatImage([longer, first]),
      fatImage([longer, longer, longer], 4),
    ]) {
      const before = parseMachO(new MemoryFile(image));
      const { file, signatures } = signed(image, { size: image.length });
      expect(signatures).toHaveLength(before?.length ?? 0);
      for (const { wrongPages } of signatures) expect(wrongPages).toEqual([]);
      expect(segmentsOf(file)?.every(({ end, sliceEnd }) => end === sliceEnd)).toBe(true);
      for (const { reader, fatEntry } of parseMachO(file) ?? [])
        expect(reader.offset % (fatEntry?.alignment ?? 0)).toBe(0);
    }
  });

  it("uses zeros after the old signature", () => {
    const image = machOImage({ signature: Buffer.alloc(16) });
    const { bytes, file, signatures } = signed(Buffer.concat([image, Buffer.alloc(16)]));
    expect(signatures).toMatchObject([{ wrongPages: [] }]);
    expect(bytes).toEqual(signed(image).bytes);
    expect(segmentsOf(file)).toEqual([{ end: file.size, sliceEnd: file.size }]);
  });

  it("signs only the architectures that changed", () => {
    const image = fatImage([machOImage({}), machOImage({})]);
    expect(signed(image, { at: 5000 }).signatures).toHaveLength(1);
  });

  describe.each([
    ["data", (image: Buffer) => Buffer.concat([image, Buffer.from("archive")])],
    [
      "data in a universal binary",
      (image: Buffer) => Buffer.concat([fatImage([image]), Buffer.from("more")]),
    ],
    [
      "zeros after a universal binary",
      (image: Buffer) => Buffer.concat([fatImage([image]), Buffer.alloc(9)]),
    ],
  ])("with %s after the signature of a linker", (_, append) => {
    const linked = linkerSignedImage({ infoPlist: "<plist/>" });

    it("changes the digests and nothing else", () => {
      const before = append(linked);
      const at = before.indexOf("text\0");
      before[at] = 0;
      const { bytes, signatures } = signed(before, { at });
      expect(signatures).toMatchObject([
        { identifier: "a.out", flags: LINKER_SIGNED, hashedSlots: [], wrongPages: [] },
      ]);
      const changed = bytes.map((byte, index) => (byte === before[index] ? 0 : 1));
      expect(bytes).toHaveLength(before.length);
      expect(changed.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(32);
    });
  });

  it("changes the digest of an Info.plist if other content follows the signature", () => {
    const own = signed(machOImage({ infoPlist: "<plist/>" }), { name: "x" });
    const bytes = Buffer.concat([own.bytes, Buffer.from("archive")]);
    const at = bytes.indexOf("<plist/>");
    bytes.write("<PLIST/>", at);
    const name = "a-name-that-is-much-longer-and-does-not-fit";
    const { signatures, bytes: after } = signed(bytes, { at, name });
    expect(signatures).toMatchObject([{ identifier: own.signatures[0]?.identifier, wrongPages: [] }]);
    expect(after.includes(createHash("sha256").update("<PLIST/>").digest())).toBe(true);
  });

  it("refuses a file in which other content follows the signature, before it writes", () => {
    const image = machOImage({ signature: Buffer.alloc(16) });
    for (const bytes of [
      Buffer.concat([image, Buffer.from("more")]),
      Buffer.concat([fatImage([image]), Buffer.alloc(1)]),
    ]) {
      const file = new MemoryFile(Buffer.from(bytes));
      expect(() => signFile(file, { name: "x", changes: [{ offset: 0, size: bytes.length }] })).toThrow(
        UnsupportedMachOError,
      );
      expect(file.isChanged).toBe(false);
    }
  });
});
