// Writes ELF files of any class and byte order field by field (System V ABI, chapters 4 and 5).

export interface ElfShape {
  readonly is64?: boolean;
  readonly bigEndian?: boolean;
  readonly type?: number;
  readonly interpreter?: string | undefined;
  /** Pairs of tag and string; a tag may occur several times. */
  readonly strings?: readonly (readonly [tag: number, text: string])[];
  /** Bytes after the strings in their table. */
  readonly tableTail?: string;
  readonly stringTables?: number;
  /** Address at which the file is mapped. */
  readonly base?: number;
  readonly withLoad?: boolean;
  readonly withSections?: boolean;
  readonly withDynamicEnd?: boolean;
  /** Whether the file has everything that readelf and loaders need, so that it can grow. */
  readonly whole?: boolean;
  /** Whether the program header table of a complete file has an entry for itself. */
  readonly withTableSegment?: boolean;
  /** Number of zeros after the program header table. */
  readonly room?: number;
  /** Bytes of memory after those from the file. */
  readonly memoryTail?: number;
}

export const DT_NEEDED = 1;
export const DT_SONAME = 14;
export const DT_RPATH = 15;
export const DT_RUNPATH = 29;

const DT_STRSZ = 10;
const EM_386 = 3;
const EM_MIPS = 8;
const EM_PPC64 = 21;
const EM_X86_64 = 62;
const SECTION_NAMES = "\0.dynstr\0.dynamic\0.interp\0.shstrtab\0";

export interface ElfImage {
  readonly bytes: Buffer;
  /** File offsets of the parts, by name. */
  readonly places: {
    readonly programHeaders: number;
    readonly sections: number;
    readonly interpreter: number;
    readonly table: number;
    readonly tableLength: number;
    readonly dynamic: number;
  };
}

export function elfImage(shape: ElfShape): ElfImage {
  const { is64 = true, bigEndian = false, type = 3, strings = [], tableTail = "", base = 0x400000 } = shape;
  const { stringTables = 1, withLoad = true, withSections = true, withDynamicEnd = true } = shape;
  const { whole = false, withTableSegment = whole, room = 0, memoryTail = 0 } = shape;
  const word = is64 ? 8 : 4;
  const headerSize = is64 ? 64 : 52;
  const segmentSize = is64 ? 56 : 32;
  const sectionSize = is64 ? 64 : 40;

  const interpreter =
    shape.interpreter === undefined ? undefined : Buffer.from(`${shape.interpreter}\0`, "latin1");
  const segmentCount =
    1 + (withLoad ? 1 : 0) + (interpreter === undefined ? 0 : 1) + (withTableSegment ? 1 : 0);
  const interpreterAt = headerSize + segmentCount * segmentSize + room;
  const tableAt = interpreterAt + (interpreter?.length ?? 0);
  let table = Buffer.from("\0");
  const tags: [number, number][] = strings.map(([tag, text]) => {
    const at = table.length;
    table = Buffer.concat([table, Buffer.from(`${text}\0`, "latin1")]);
    return [tag, at];
  });
  table = Buffer.concat([table, Buffer.from(tableTail, "latin1")]);
  for (let index = 0; index < stringTables; index += 1) tags.push([5, base + tableAt]);
  if (whole) tags.push([DT_STRSZ, table.length]);
  if (withDynamicEnd) tags.push([0, 0]);
  const dynamicAt = whole ? Math.ceil((tableAt + table.length) / word) * word : tableAt + table.length;
  const sectionsAt = dynamicAt + tags.length * 2 * word + (whole ? SECTION_NAMES.length : 0);
  const sectionCount = withSections ? (whole ? 5 : 2) : 0;
  const bytes = Buffer.alloc(sectionsAt + sectionCount * sectionSize);

  const put = (at: number, size: number, value: number) => {
    if (size === 8)
      bigEndian ? bytes.writeBigUInt64BE(BigInt(value), at) : bytes.writeBigUInt64LE(BigInt(value), at);
    else bigEndian ? bytes.writeUIntBE(value, at, size) : bytes.writeUIntLE(value, at, size);
  };
  bytes.write("\x7fELF", 0, "latin1");
  bytes[4] = is64 ? 2 : 1;
  bytes[5] = bigEndian ? 2 : 1;
  bytes[6] = 1;
  put(16, 2, type);
  put(is64 ? 32 : 28, word, headerSize);
  put(is64 ? 40 : 32, word, sectionsAt);
  put(is64 ? 56 : 44, 2, segmentCount);
  put(is64 ? 60 : 48, 2, sectionCount);
  let segment = headerSize;
  const program = (segmentType: number, offset: number, size: number) => {
    put(segment, 4, segmentType);
    put(segment + (is64 ? 8 : 4), word, offset);
    put(segment + (is64 ? 16 : 8), word, base + offset);
    put(segment + (is64 ? 32 : 16), word, size);
    if (whole) {
      put(segment + (is64 ? 24 : 12), word, base + offset);
      put(segment + (is64 ? 40 : 20), word, size + (segmentType === 1 ? memoryTail : 0));
      put(segment + (is64 ? 4 : 24), 4, segmentType === 1 ? 7 : 4);
      put(segment + (is64 ? 48 : 28), word, segmentType === 1 ? 0x10000 : 1);
    }
    segment += segmentSize;
  };
  if (withTableSegment) program(6, headerSize, segmentCount * segmentSize);
  if (interpreter !== undefined) program(3, interpreterAt, interpreter.length);
  if (withLoad) program(1, 0, sectionsAt);
  program(2, dynamicAt, tags.length * 2 * word);
  interpreter?.copy(bytes, interpreterAt);
  table.copy(bytes, tableAt);
  for (const [index, [tag, value]] of tags.entries()) {
    put(dynamicAt + index * 2 * word, word, tag);
    put(dynamicAt + (index * 2 + 1) * word, word, value);
  }
  if (withSections) {
    put(sectionsAt + sectionSize + 4, 4, 3);
    put(sectionsAt + sectionSize + (is64 ? 24 : 16), word, tableAt);
    put(sectionsAt + sectionSize + (is64 ? 32 : 20), word, table.length);
  }
  if (whole) {
    put(18, 2, is64 ? (bigEndian ? EM_PPC64 : EM_X86_64) : bigEndian ? EM_MIPS : EM_386);
    put(20, 4, 1);
    put(is64 ? 52 : 40, 2, headerSize);
    put(is64 ? 54 : 42, 2, segmentSize);
    put(is64 ? 58 : 46, 2, sectionSize);
    put(is64 ? 62 : 50, 2, 4);
    bytes.write(SECTION_NAMES, sectionsAt - SECTION_NAMES.length, "latin1");
    const dynamicSize = tags.length * 2 * word;
    const section = (index: number, name: string, fields: number[]) => {
      const at = sectionsAt + index * sectionSize;
      const [sectionType = 0, flags = 0, offset = 0, size = 0, link = 0, entrySize = 0] = fields;
      const isLoaded = flags !== 0;
      put(at, 4, SECTION_NAMES.indexOf(`${name}\0`));
      put(at + 4, 4, sectionType);
      const values = [flags, isLoaded ? base + offset : 0, offset, size];
      for (const [field, value] of values.entries()) put(at + 8 + field * word, word, value);
      put(at + 8 + 4 * word, 4, link);
      put(at + 16 + 4 * word, word, 1);
      put(at + 16 + 5 * word, word, entrySize);
    };
    section(1, ".dynstr", [3, 2, tableAt, table.length]);
    section(2, ".dynamic", [6, 3, dynamicAt, dynamicSize, 1, 2 * word]);
    section(3, ".interp", [1, 2, interpreterAt, interpreter?.length ?? 0]);
    section(4, ".shstrtab", [3, 0, dynamicAt + dynamicSize, SECTION_NAMES.length]);
  }
  return {
    bytes,
    places: {
      programHeaders: headerSize,
      sections: sectionsAt,
      interpreter: interpreterAt,
      table: tableAt,
      tableLength: table.length,
      dynamic: dynamicAt,
    },
  };
}
