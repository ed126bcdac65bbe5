// Tells binaries by their first eight bytes (Spack: relocate.py, is_elf_magic and is_macho_magic).

const THIN_MACH_O = [0xcffaedfe, 0xfeedfacf, 0xcefaedfe, 0xfeedface];
const ELF = 0x7f454c46;
const FAT_BIG_ENDIAN = 0xcafebabe;
const FAT_LITTLE_ENDIAN = 0xbebafeca;

/** Universal binaries and Java classes share a magic; a universal binary holds fewer architectures than this. */
const MIN_CLASS_VERSION = 10;

/** How many bytes a file needs to be told at all. */
export const MAGIC_LENGTH = 8;

export function isElfMagic(magic: Buffer): boolean {
  return magic.length >= 4 && magic.readUInt32BE(0) === ELF;
}

export function isMachOMagic(magic: Buffer): boolean {
  if (magic.length < MAGIC_LENGTH) return false;
  const first = magic.readUInt32BE(0);
  if (THIN_MACH_O.includes(first)) return true;
  if (first === FAT_BIG_ENDIAN) return magic.readUInt32BE(4) < MIN_CLASS_VERSION;
  return first === FAT_LITTLE_ENDIAN && magic.readUInt32LE(4) < MIN_CLASS_VERSION;
}
