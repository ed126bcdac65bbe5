// Removes what a program does not need to run, such as the names of its functions, from a 64-bit ELF file of any
// processor. The strip of one system rarely knows the files of another one.

/** Offsets in the file's header, and sizes (elf(5)). */
const HEADER = {
  segments: 0x20,
  sections: 0x28,
  segmentSize: 0x36,
  segmentCount: 0x38,
  sectionCount: 0x3c,
  names: 0x3e,
};
const SECTION_SIZE = 64;
const SECTION = { type: 4, flags: 8, offset: 24, size: 32, link: 40, info: 44, alignment: 48 };
const SEGMENT = { offset: 8, fileSize: 32 };

const TYPE_NO_BITS = 8;
const FLAG_ALLOCATED = 2n;
const FLAG_INFO_LINK = 0x40n;

/**
 * Keeps the sections that are loaded when the program runs, and their names.
 *
 * @param {Buffer} file
 * @returns {Buffer}
 * @throws Error if the file is not 64-bit little-endian ELF
 */
export function stripElf(file) {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1)
    throw new Error("This is not a 64-bit little-endian ELF file.");
  const table = Number(file.readBigUInt64LE(HEADER.sections));
  const sections = Array.from({ length: file.readUInt16LE(HEADER.sectionCount) }, (_, index) =>
    Buffer.from(file.subarray(table + index * SECTION_SIZE, table + (index + 1) * SECTION_SIZE)),
  );
  const names = file.readUInt16LE(HEADER.names);
  const kept = [...sections.keys()].filter(
    (index) =>
      index === 0 || index === names || sections[index].readBigUInt64LE(SECTION.flags) & FLAG_ALLOCATED,
  );
  const contentOf = (section) => {
    const offset = Number(section.readBigUInt64LE(SECTION.offset));
    return file.subarray(offset, offset + Number(section.readBigUInt64LE(SECTION.size)));
  };

  const loaded = file.subarray(
    0,
    Math.max(
      endOfSegments(file),
      ...kept.filter((index) => index !== names).map((index) => endOf(sections[index])),
    ),
  );
  const nameTable = Buffer.from(contentOf(sections[names]));
  const padding = Buffer.alloc(-(loaded.length + nameTable.length) & 7);
  const headers = kept.map((index) => {
    const section = sections[index];
    if (index === names) section.writeBigUInt64LE(BigInt(loaded.length), SECTION.offset);
    renumber(section, SECTION.link, kept);
    if (section.readBigUInt64LE(SECTION.flags) & FLAG_INFO_LINK) renumber(section, SECTION.info, kept);
    return section;
  });
  const header = Buffer.from(loaded.subarray(0, 64));
  header.writeBigUInt64LE(BigInt(loaded.length + nameTable.length + padding.length), HEADER.sections);
  header.writeUInt16LE(kept.length, HEADER.sectionCount);
  header.writeUInt16LE(kept.indexOf(names), HEADER.names);
  return Buffer.concat([header, loaded.subarray(64), nameTable, padding, ...headers]);
}

function endOfSegments(file) {
  const table = Number(file.readBigUInt64LE(HEADER.segments));
  const size = file.readUInt16LE(HEADER.segmentSize);
  const ends = Array.from({ length: file.readUInt16LE(HEADER.segmentCount) }, (_, index) => {
    const segment = file.subarray(table + index * size);
    return Number(segment.readBigUInt64LE(SEGMENT.offset) + segment.readBigUInt64LE(SEGMENT.fileSize));
  });
  return Math.max(...ends);
}

function endOf(section) {
  const offset = Number(section.readBigUInt64LE(SECTION.offset));
  const hasBytes = section.readUInt32LE(SECTION.type) !== TYPE_NO_BITS;
  return hasBytes ? offset + Number(section.readBigUInt64LE(SECTION.size)) : 0;
}

/** A reference to a section that is removed becomes one to none. */
function renumber(section, field, kept) {
  section.writeUInt32LE(Math.max(0, kept.indexOf(section.readUInt32LE(field))), field);
}
