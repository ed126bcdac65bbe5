// The code directory of a signature: digests of every page of the code and of the other blobs, in network byte order
// (Apple: xnu, osfmk/kern/cs_blobs.h, `CS_CodeDirectory`).

const CODE_DIRECTORY = 0xfade0c02;

/** The version that describes the executable segment, which codesign has written since macOS 10.14. */
const VERSION = 0x20400;
const VERSION_WITH_SCATTER = 0x20100;

/** Size of the fields of that version. */
const FIXED_SIZE = 88;
/** Size of the fields of every version. */
const MIN_FIXED_SIZE = 44;

const HASH_SHA256 = 2;
export const HASH_SIZE = 32;

/** Pages of code are 4096 bytes for codesign on every Mac. */
const PAGE_EXPONENT = 12;
export const PAGE_SIZE: number = 2 ** PAGE_EXPONENT;

/** `CS_ADHOC`: the signature is made with no identity. */
const FLAG_AD_HOC = 0x2;

/** `CS_EXECSEG_MAIN_BINARY`: the file is a program. */
export const EXECUTABLE_MAIN_BINARY = 0x1n;

/** What an existing directory says. */
export interface OldDirectory {
  readonly isAdHoc: boolean;
  /** `CS_EXECSEG_*`, most of which follow from entitlements; undefined in an old directory. */
  readonly executableFlags: bigint | undefined;
  /** SHA-256 digests of pages of {@link PAGE_SIZE} bytes; undefined if there are others. */
  readonly pages: OldPages | undefined;
}

/** Digests, which are parts of the directory's bytes. */
export interface OldPages {
  readonly codeLimit: number;
  readonly hashes: Buffer;
  /** That of the embedded Info.plist. */
  readonly infoHash: Buffer | undefined;
}

/** @returns undefined if it is broken */
export function decodeDirectory(bytes: Buffer): OldDirectory | undefined {
  if (bytes.length < MIN_FIXED_SIZE || bytes.readUInt32BE(0) !== CODE_DIRECTORY) return undefined;
  const version = bytes.readUInt32BE(8);
  const hasExecutable = version >= VERSION && bytes.length >= FIXED_SIZE;
  return {
    isAdHoc: (bytes.readUInt32BE(12) & FLAG_AD_HOC) !== 0,
    executableFlags: hasExecutable ? bytes.readBigUInt64BE(80) : undefined,
    pages: decodePages(bytes, version),
  };
}

function decodePages(bytes: Buffer, version: number): OldPages | undefined {
  const isScattered =
    version >= VERSION_WITH_SCATTER && bytes.length >= MIN_FIXED_SIZE + 4 && bytes.readUInt32BE(44) !== 0;
  const isUsual = bytes[36] === HASH_SIZE && bytes[37] === HASH_SHA256 && bytes[39] === PAGE_EXPONENT;
  if (!isUsual || isScattered) return undefined;
  const [start, specials, count, codeLimit] = [16, 24, 28, 32].map((at) => bytes.readUInt32BE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const end = start + count * HASH_SIZE;
  if (count !== pageCount(codeLimit) || end > bytes.length) return undefined;
  const hasInfo = specials > 0 && start >= HASH_SIZE;
  const infoHash = hasInfo ? bytes.subarray(start - HASH_SIZE, start) : undefined;
  return { codeLimit, hashes: bytes.subarray(start, end), infoHash };
}

export interface NewDirectory {
  readonly identifier: Buffer;
  /** Size of the code in bytes, which ends where the signature begins. */
  readonly codeLimit: number;
  /** Where the executable segment is. */
  readonly executable: { readonly base: number; readonly limit: number; readonly flags: bigint };
  /** Digests of other blobs, by slot. */
  readonly specialHashes: ReadonlyMap<number, Buffer>;
}

/** Size in bytes of an encoded directory. */
export function directorySize({ identifier, codeLimit, specialHashes }: NewDirectory): number {
  const special = Math.max(0, ...specialHashes.keys());
  return FIXED_SIZE + identifier.length + 1 + (special + pageCount(codeLimit)) * HASH_SIZE;
}

/** @param pageHashes one after another */
export function encodeDirectory(directory: NewDirectory, pageHashes: Buffer): Buffer {
  const { identifier, codeLimit, executable, specialHashes } = directory;
  const special = Math.max(0, ...specialHashes.keys());
  const bytes = Buffer.alloc(directorySize(directory));
  const hashesAt = bytes.length - pageHashes.length;
  const words = [CODE_DIRECTORY, bytes.length, VERSION, FLAG_AD_HOC, hashesAt, FIXED_SIZE, special];
  for (const [index, word] of [...words, pageCount(codeLimit), codeLimit].entries())
    bytes.writeUInt32BE(word, 4 * index);
  bytes.set([HASH_SIZE, HASH_SHA256, 0, PAGE_EXPONENT], 36);
  bytes.writeBigUInt64BE(BigInt(executable.base), 64);
  bytes.writeBigUInt64BE(BigInt(executable.limit), 72);
  bytes.writeBigUInt64BE(executable.flags, 80);
  identifier.copy(bytes, FIXED_SIZE);
  // The digests of other blobs are before those of pages, in descending order of their slots.
  for (const [slot, hash] of specialHashes) hash.copy(bytes, hashesAt - slot * HASH_SIZE);
  pageHashes.copy(bytes, hashesAt);
  return bytes;
}

export function pageCount(codeLimit: number): number {
  return Math.ceil(codeLimit / PAGE_SIZE);
}
