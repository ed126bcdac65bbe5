// Detects the formats of binaries that Spack relocates by the first bytes of a file (Spack: relocate.py, `is_elf_magic`
// and `is_macho_magic`). See relocate/relocate-binary.ts for how each is relocated.

const ELF = 0x7f454c46;
const THIN_MACH_O = [0xcffaedfe, 0xfeedfacf, 0xcefaedfe, 0xfeedface];
const FAT_BIG_ENDIAN = 0xcafebabe;
const FAT_LITTLE_ENDIAN = 0xbebafeca;

/** Universal binaries and Java classes share a magic; a universal binary holds fewer architectures than this. */
const MIN_CLASS_VERSION = 10;

/** Number of bytes that the format is detected by. */
export const MAGIC_LENGTH = 8;

/** Each format with its test for the first {@link MAGIC_LENGTH} bytes of a file, or all of a shorter one. */
const BINARY_FORMATS = {
  elf: (magic: Buffer) => magic.length >= 4 && magic.readUInt32BE(0) === ELF,
  "mach-o": (magic: Buffer) => {
    if (magic.length < MAGIC_LENGTH) return false;
    const first = magic.readUInt32BE(0);
    if (THIN_MACH_O.includes(first)) return true;
    if (first === FAT_BIG_ENDIAN) return magic.readUInt32BE(4) < MIN_CLASS_VERSION;
    return first === FAT_LITTLE_ENDIAN && magic.readUInt32LE(4) < MIN_CLASS_VERSION;
  },
};

export type BinaryFormat = keyof typeof BINARY_FORMATS;

const FORMATS = Object.keys(BINARY_FORMATS) as BinaryFormat[];

/** The format of a file by its first {@link MAGIC_LENGTH} bytes; undefined if it is not a binary. */
export function binaryFormatOf(magic: Buffer): BinaryFormat | undefined {
  return FORMATS.find((format) => BINARY_FORMATS[format](magic));
}
