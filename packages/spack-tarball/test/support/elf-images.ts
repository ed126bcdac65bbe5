// ELF files of any class and byte order, written field by field (System V ABI, chapters 4 and 5).

export interface ElfShape {
  readonly is64?: boolean;
  readonly bigEndian?: boolean;
  readonly type?: number;
  readonly interpreter?: string | undefined;
  /** Pairs of tag and string; several entries of one tag are possible. */
  readonly strings?: readonly (readonly [tag: number, text: string])[];
  /** What comes behind the strings in their table. */
  readonly tableTail?: string;
  readonly stringTables?: number;
  /** Address at which the file is mapped. */
  readonly base?: number;
  readonly withLoad?: boolean;
  readonly withSections?: boolean;
  readonly withDynamicEnd?: boolean;
  /** Sizes and offsets of the fields can be overwritten: offsets are in the returned `places`. */
}

export const DT_NEEDED = 1;
export const DT_SONAME = 14;
export const DT_RPATH = 15;
export const DT_RUNPATH = 29;

export interface ElfImage {
  readonly bytes: Buffer;
  /** Where the pieces are, by name. */
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
  const word = is64 ? 8 : 4;
  const headerSize = is64 ? 64 : 52;
  const segmentSize = is64 ? 56 : 32;
  const sectionSize = is64 ? 64 : 40;

  const interpreter =
    shape.interpreter === undefined ? undefined : Buffer.from(`${shape.interpreter}\0`, "latin1");
  const segmentCount = 1 + (withLoad ? 1 : 0) + (interpreter === undefined ? 0 : 1);
  const interpreterAt = headerSize + segmentCount * segmentSize;
  const tableAt = interpreterAt + (interpreter?.length ?? 0);
  let table = Buffer.from("\0");
  const tags: [number, number][] = strings.map(([tag, text]) => {
    const at = table.length;
    table = Buffer.concat([table, Buffer.from(`${text}\0`, "latin1")]);
    return [tag, at];
  });
  table = Buffer.concat([table, Buffer.from(tableTail, "latin1")]);
  for (let index = 0; index < stringTables; index += 1) tags.push([5, base + tableAt]);
  if (withDynamicEnd) tags.push([0, 0]);
  const dynamicAt = tableAt + table.length;
  const sectionsAt = dynamicAt + tags.length * 2 * word;
  const bytes = Buffer.alloc(sectionsAt + (withSections ? 2 * sectionSize : 0));

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
  put(is64 ? 60 : 48, 2, withSections ? 2 : 0);
  let segment = headerSize;
  const program = (segmentType: number, offset: number, size: number) => {
    put(segment, 4, segmentType);
    put(segment + (is64 ? 8 : 4), word, offset);
    put(segment + (is64 ? 16 : 8), word, base + offset);
    put(segment + (is64 ? 32 : 16), word, size);
    segment += segmentSize;
  };
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
