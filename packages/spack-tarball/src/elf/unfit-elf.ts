// What is thrown inside of this folder for an ELF file that cannot be read or grown; callers get undefined for it.

/** What Spack calls an ElfParsingError, and a file in which nothing may be moved. */
export class UnfitElf extends Error {}
