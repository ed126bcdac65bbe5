// Makes small Mach-O files of any width and byte order, field by field.

import { alignUp } from "../../src/binary-io/file-range.js";
import {
  LC_CODE_SIGNATURE,
  LC_DYLD_ENVIRONMENT,
  LC_ID_DYLIB,
  LC_LOAD_DYLIB,
  LC_LOAD_DYLINKER,
  LC_RPATH,
  LC_SEGMENT,
  LC_SEGMENT_64,
} from "../../src/macho/load-command.js";
import { CPU_TYPE_ARM64, MH_DYLIB } from "../../src/macho/macho-file.js";
import { MachOFormat } from "../../src/macho/macho-format.js";
import { linkerSignature } from "./macho-signatures.js";

export interface MachOShape {
  readonly is64?: boolean;
  readonly bigEndian?: boolean;
  readonly cpuType?: number;
  readonly fileType?: number;
  /** Commands with a path, in order. */
  readonly paths?: readonly (readonly [type: number, path: string])[];
  /** Commands with other fields, after those. */
  readonly others?: readonly Buffer[];
  /** Bytes between the commands and the first section. */
  readonly padding?: number;
  /** The content of the section. */
  readonly text?: string | Buffer;
  /** The content of an embedded Info.plist. */
  readonly infoPlist?: string;
  /** Bytes of a signature, which may be anything; none by default. */
  readonly signature?: Buffer;
}

/** Sizes of the fields before a path. */
const BEFORE_PATH = new Map([
  [LC_RPATH, 12],
  [LC_LOAD_DYLINKER, 12],
  [LC_DYLD_ENVIRONMENT, 12],
]);

const PAGE = 0x1000;

/** A library with a segment of code and one at the end, which has the signature. */
export function machOImage(shape: MachOShape): Buffer {
  const { is64 = true, bigEndian = false, padding = 256, signature } = shape;
  const format = new MachOFormat(is64, !bigEndian);
  const { text = "text\0" } = shape;
  const contents = [typeof text === "string" ? Buffer.from(text) : text];
  if (shape.infoPlist !== undefined) contents.push(Buffer.from(shape.infoPlist));
  const commands = (places: Places) => [
    segment(format, { name: "__TEXT", offset: 0, size: places.linkEdit, sections: places.sections }),
    segment(format, { name: "__LINKEDIT", offset: places.linkEdit, size: places.linkEditSize, sections: [] }),
    ...(shape.paths ?? []).map(([type, path]) => pathCommand(format, type, path)),
    ...(shape.others ?? []),
    ...(signature === undefined ? [] : [dataCommand(format, places.signature, signature.length)]),
  ];
  const zero = { sections: contents.map(() => [0, 0] as const), linkEdit: 0, linkEditSize: 0, signature: 0 };
  const commandsSize = Buffer.concat(commands(zero)).length;
  const places = placesOf(contents, format.headerSize + commandsSize + padding, signature);
  const all = commands(places);
  const bytes = Buffer.alloc(places.linkEdit + places.linkEditSize);
  header(format, { ...shape, count: all.length, size: commandsSize }).copy(bytes);
  Buffer.concat(all).copy(bytes, format.headerSize);
  for (const [index, [offset]] of places.sections.entries()) contents[index]?.copy(bytes, offset);
  bytes.write("symbols", places.linkEdit);
  signature?.copy(bytes, places.signature);
  return bytes;
}

interface Places {
  readonly sections: readonly (readonly [offset: number, size: number])[];
  readonly linkEdit: number;
  readonly linkEditSize: number;
  readonly signature: number;
}

function placesOf(contents: readonly Buffer[], start: number, signature: Buffer | undefined): Places {
  let end = start;
  const sections = contents.map(({ length }) => {
    const place = [end, length] as const;
    end += length;
    return place;
  });
  const linkEdit = alignUp(end, PAGE);
  const signatureAt = linkEdit + 16;
  const linkEditSize = signature === undefined ? 10 : 16 + signature.length;
  return { sections, linkEdit, linkEditSize, signature: signatureAt };
}

function header(
  format: MachOFormat,
  shape: MachOShape & { readonly count: number; readonly size: number },
): Buffer {
  const bytes = Buffer.alloc(format.headerSize);
  const { cpuType = CPU_TYPE_ARM64, fileType = MH_DYLIB, count, size } = shape;
  const magic = format.is64 ? 0xfeedfacf : 0xfeedface;
  for (const [index, word] of [magic, cpuType, 0, fileType, count, size].entries())
    format.setWord(bytes, 4 * index, word);
  return bytes;
}

interface SegmentShape {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly sections: readonly (readonly [offset: number, size: number])[];
}

function segment(format: MachOFormat, { name, offset, size, sections }: SegmentShape): Buffer {
  const bytes = Buffer.alloc(format.segmentSize + sections.length * format.sectionSize);
  format.setWord(bytes, 0, format.is64 ? LC_SEGMENT_64 : LC_SEGMENT);
  format.setWord(bytes, 4, bytes.length);
  bytes.write(name, 8);
  for (const [index, value] of [offset, alignUp(size, PAGE), offset, size].entries())
    format.setAddress(bytes, 24 + index * format.addressSize, value);
  format.setWord(bytes, format.segmentSize - 8, sections.length);
  for (const [index, [sectionOffset, sectionSize]] of sections.entries()) {
    const at = format.segmentSize + index * format.sectionSize;
    bytes.write(index === 0 ? "__text" : "__info_plist", at);
    bytes.write(name, at + 16);
    format.setAddress(bytes, at + 32 + format.addressSize, sectionSize);
    format.setWord(bytes, at + 32 + 2 * format.addressSize, sectionOffset);
  }
  return bytes;
}

function pathCommand(format: MachOFormat, type: number, path: string): Buffer {
  const start = BEFORE_PATH.get(type) ?? 24;
  const text = Buffer.from(path);
  const bytes = Buffer.alloc(alignUp(start + text.length + 1, format.commandAlignment));
  for (const [index, word] of [type, bytes.length, start].entries()) format.setWord(bytes, 4 * index, word);
  // A time stamp and versions, of which every byte has to stay.
  if (start === 24) bytes.fill(0xa5, 12, 24);
  text.copy(bytes, start);
  return bytes;
}

function dataCommand(format: MachOFormat, offset: number, size: number): Buffer {
  const bytes = Buffer.alloc(16);
  for (const [index, word] of [LC_CODE_SIGNATURE, 16, offset, size].entries())
    format.setWord(bytes, 4 * index, word);
  return bytes;
}

/** A library that a linker signed. */
export function linkerSignedImage(shape: MachOShape): Buffer {
  // Sizes do not depend on digests.
  const signature = linkerSignature(machOImage({ ...shape, signature: Buffer.alloc(0) }));
  const unsigned = machOImage({ ...shape, signature });
  const code = unsigned.subarray(0, unsigned.length - signature.length);
  return machOImage({ ...shape, signature: linkerSignature(code) });
}

/** A universal binary. */
export function fatImage(slices: readonly Buffer[], exponent = 12): Buffer {
  const alignment = 2 ** exponent;
  const header = Buffer.alloc(8 + 20 * slices.length);
  header.writeUInt32BE(0xcafebabe, 0);
  header.writeUInt32BE(slices.length, 4);
  let bytes: Buffer = header;
  for (const [index, slice] of slices.entries()) {
    const offset = alignUp(bytes.length, alignment);
    for (const [field, word] of [0, 0, offset, slice.length, exponent].entries())
      header.writeUInt32BE(word, 8 + 20 * index + 4 * field);
    bytes = Buffer.concat([bytes, Buffer.alloc(offset - bytes.length), slice]);
  }
  header.copy(bytes);
  return bytes;
}

export const KINDS: [name: string, kind: { is64: boolean; bigEndian: boolean }][] = [
  ["64 bits, little-endian", { is64: true, bigEndian: false }],
  ["64 bits, big-endian", { is64: true, bigEndian: true }],
  ["32 bits, little-endian", { is64: false, bigEndian: false }],
  ["32 bits, big-endian", { is64: false, bigEndian: true }],
];

/** The usual commands of a library. */
export const USUAL_PATHS: readonly (readonly [number, string])[] = [
  [LC_ID_DYLIB, "/old/store/pkg-1/lib/libx.dylib"],
  [LC_LOAD_DYLIB, "/old/store/dep-2/lib/liby.dylib"],
  [LC_LOAD_DYLIB, "/usr/lib/libSystem.B.dylib"],
  [LC_RPATH, "/old/store/pkg-1/lib"],
  [LC_RPATH, "@loader_path/../lib"],
];
