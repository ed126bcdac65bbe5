// Reads and makes code signatures, independently of the code under test.

import { createHash } from "node:crypto";
import type { MemoryFile } from "@spack-oci/files";
import { parseMachO } from "../../src/macho/macho-file.js";

export interface FoundSignature {
  readonly identifier: string;
  readonly flags: number;
  readonly executable: readonly [base: number, limit: number, flags: number];
  /** Blobs besides the code directory, by slot. */
  readonly blobs: ReadonlyMap<number, Buffer>;
  /** Slots whose digests are in the code directory. */
  readonly hashedSlots: readonly number[];
  /** Pages whose digests are wrong. */
  readonly wrongPages: readonly number[];
  readonly codeLimit: number;
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest();

/** The signature of each architecture that has one. */
export function signaturesIn(file: MemoryFile): FoundSignature[] {
  return (parseMachO(file) ?? []).flatMap(({ commands, reader, format }) => {
    const command = commands.find(({ type }) => type === 0x1d)?.bytes;
    if (command === undefined) return [];
    const code = reader.read(0, reader.size);
    const offset = format.word(command, 8);
    return [readSignature(code, offset, format.word(command, 12))];
  });
}

function readSignature(code: Buffer, offset: number, size: number): FoundSignature {
  const bytes = code.subarray(offset, offset + size);
  const blobs = new Map<number, Buffer>();
  for (let at = 12; at < 12 + 8 * bytes.readUInt32BE(8); at += 8) {
    const start = bytes.readUInt32BE(at + 4);
    blobs.set(bytes.readUInt32BE(at), bytes.subarray(start, start + bytes.readUInt32BE(start + 4)));
  }
  const directory = blobs.get(0) ?? Buffer.alloc(0);
  blobs.delete(0);
  const [hashesAt, identifierAt, specials, count, codeLimit] = [16, 20, 24, 28, 32].map((at) =>
    directory.readUInt32BE(at),
  ) as [number, number, number, number, number];
  const hashAt = (index: number) => directory.subarray(hashesAt + 32 * index, hashesAt + 32 * (index + 1));
  const pages = Array.from({ length: count }, (_, page) => page);
  const slots = Array.from({ length: specials }, (_, index) => index + 1);
  return {
    identifier: directory.toString("utf8", identifierAt, directory.indexOf(0, identifierAt)),
    flags: directory.readUInt32BE(12),
    executable: [64, 72, 80].map((at) => Number(directory.readBigUInt64BE(at))) as [number, number, number],
    blobs,
    hashedSlots: slots.filter((slot) => hashAt(-slot).some((byte) => byte !== 0)),
    wrongPages: pages.filter(
      (page) =>
        !sha256(code.subarray(4096 * page, Math.min(codeLimit, 4096 * (page + 1)))).equals(hashAt(page)),
    ),
    codeLimit,
  };
}

export function blob(magic: number, content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(magic, 0);
  header.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([header, content]);
}

/** A signature with these blobs, and zeros after it. */
export function superBlob(blobs: readonly (readonly [slot: number, blob: Buffer])[], spare = 0): Buffer {
  const index = Buffer.alloc(4 + 8 * blobs.length);
  index.writeUInt32BE(blobs.length, 0);
  let offset = 8 + index.length;
  for (const [at, [slot, content]] of blobs.entries()) {
    index.writeUInt32BE(slot, 4 + 8 * at);
    index.writeUInt32BE(offset, 8 + 8 * at);
    offset += content.length;
  }
  const whole = blob(0xfade0cc0, Buffer.concat([index, ...blobs.map(([, content]) => content)]));
  return Buffer.concat([whole, Buffer.alloc(spare)]);
}

/** A code directory with an identity and no digest, as old as can be. */
export function oldDirectory(flags = 0): Buffer {
  const content = Buffer.alloc(36);
  content.writeUInt32BE(0x20001, 0);
  content.writeUInt32BE(flags, 4);
  return blob(0xfade0c02, content);
}

/** The flags of a signature that a linker made: `CS_ADHOC | CS_LINKER_SIGNED`. */
export const LINKER_SIGNED = 0x20002;

/** A signature as linkers make it: a code directory without other blobs, of exactly the size that is reserved. */
export function linkerSignature(code: Buffer, identifier = "a.out"): Buffer {
  const name = Buffer.from(`${identifier}\0`);
  const count = Math.ceil(code.length / 4096);
  const fields = Buffer.alloc(80);
  const hashesAt = 88 + name.length;
  const words = [0x20400, LINKER_SIGNED, hashesAt, 88, 0, count, code.length, 0x20020000 + 12];
  for (const [index, word] of words.entries()) fields.writeUInt32BE(word, 4 * index);
  fields.writeBigUInt64BE(1n, 72);
  const hashes = Array.from({ length: count }, (_, page) =>
    sha256(code.subarray(4096 * page, 4096 * (page + 1))),
  );
  return superBlob([[0, blob(0xfade0c02, Buffer.concat([fields, name, ...hashes]))]]);
}
