// The gzip members that layers are written in: each says how long it is, so that a reader can cut a stream into members
// and inflate several at once. Everybody else reads a plain sequence of members (RFC 1952, 2.2).
//
// The format is that of MiGz and mgzip: an extra field (RFC 1952, 2.3.1.1) with one subfield, `MZ`, whose four bytes
// are the number of bytes between header and trailer.

/** No name or time, and an unknown operating system, as Spack writes it; then the extra field without its value. */
const HEADER_START = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 8, 0, 0x4d, 0x5a, 4, 0]);

/** Bytes of the time, flags and operating system, which say nothing about the content. */
const FREE = { start: 4, end: 10 };

export const HEADER_LENGTH: number = HEADER_START.length + 4;

/** CRC-32 and length of the content. */
export const TRAILER_LENGTH = 8;

/** What every such member begins with, if it was written here. */
export const MEMBER_MARK: Buffer = HEADER_START;

/**
 * A member of deflated bytes that borrow nothing from others.
 *
 * @param checksum CRC-32 of the content
 * @param length bytes of the content
 */
export function sizedMember(deflated: Buffer, checksum: number, length: number): Buffer {
  const member = Buffer.allocUnsafe(HEADER_LENGTH + deflated.length + TRAILER_LENGTH);
  HEADER_START.copy(member);
  member.writeUInt32LE(deflated.length, HEADER_START.length);
  deflated.copy(member, HEADER_LENGTH);
  member.writeUInt32LE(checksum, HEADER_LENGTH + deflated.length);
  member.writeUInt32LE(length % 2 ** 32, HEADER_LENGTH + deflated.length + 4);
  return member;
}

/**
 * The length of a whole member, as its header says; nothing has confirmed it.
 *
 * @param start its first {@link HEADER_LENGTH} bytes, or fewer if the stream ends before
 * @returns undefined if it does not say so
 */
export function lengthOfMember(start: Buffer): number | undefined {
  if (start.length < HEADER_LENGTH) return undefined;
  for (let index = 0; index < HEADER_START.length; index += 1) {
    const isFree = index >= FREE.start && index < FREE.end;
    if (!isFree && start[index] !== HEADER_START[index]) return undefined;
  }
  return HEADER_LENGTH + start.readUInt32LE(HEADER_START.length) + TRAILER_LENGTH;
}

/** Bytes of a member's content, as its trailer says. */
export function contentLengthOf(member: Buffer): number {
  return member.readUInt32LE(member.length - 4);
}
