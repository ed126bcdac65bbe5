// The container of a code signature: blobs by slot, in network byte order (Apple: xnu, osfmk/kern/cs_blobs.h).

export const SLOT_CODE_DIRECTORY = 0;
export const SLOT_INFO = 1;
export const SLOT_REQUIREMENTS = 2;
export const SLOT_ENTITLEMENTS = 5;
export const SLOT_DER_ENTITLEMENTS = 7;
/** Further code directories, with other digests. */
export const SLOTS_ALTERNATE = [0x1000, 0x1001, 0x1002, 0x1003, 0x1004];
export const SLOT_CMS = 0x10000;

const EMBEDDED_SIGNATURE = 0xfade0cc0;
const REQUIREMENTS = 0xfade0c01;
const BLOB_WRAPPER = 0xfade0b01;

/** Magic and length of any blob; a container has the number of blobs besides. */
const BLOB_HEADER_SIZE = 8;
const CONTAINER_HEADER_SIZE = 12;
const ENTRY_SIZE = 8;

/** Whole blobs, with their headers, by slot. */
export type SignatureBlobs = ReadonlyMap<number, Buffer>;

/** @returns undefined if the bytes are not a signature, or a broken one */
export function decodeBlobs(bytes: Buffer): SignatureBlobs | undefined {
  if (bytes.length < CONTAINER_HEADER_SIZE || bytes.readUInt32BE(0) !== EMBEDDED_SIGNATURE) return undefined;
  const length = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (length > bytes.length || CONTAINER_HEADER_SIZE + count * ENTRY_SIZE > length) return undefined;
  const blobs = new Map<number, Buffer>();
  for (let index = 0; index < count; index += 1) {
    const at = CONTAINER_HEADER_SIZE + index * ENTRY_SIZE;
    const blob = blobAt(bytes.subarray(0, length), bytes.readUInt32BE(at + 4));
    if (blob === undefined) return undefined;
    blobs.set(bytes.readUInt32BE(at), blob);
  }
  return blobs;
}

function blobAt(bytes: Buffer, offset: number): Buffer | undefined {
  if (offset + BLOB_HEADER_SIZE > bytes.length) return undefined;
  const length = bytes.readUInt32BE(offset + 4);
  if (length < BLOB_HEADER_SIZE || offset + length > bytes.length) return undefined;
  return bytes.subarray(offset, offset + length);
}

/** The size of a container in bytes. */
export function encodedSize(blobSizes: readonly number[]): number {
  return blobSizes.reduce((sum, size) => sum + ENTRY_SIZE + size, CONTAINER_HEADER_SIZE);
}

/**
 * Writes blobs in the order of their slots, as codesign has them, to the beginning of `bytes`.
 *
 * @param bytes at least as many as {@link encodedSize} says
 */
export function encodeBlobs(blobs: SignatureBlobs, bytes: Buffer): void {
  const entries = [...blobs].toSorted(([left], [right]) => left - right);
  let at = CONTAINER_HEADER_SIZE;
  let offset = CONTAINER_HEADER_SIZE + entries.length * ENTRY_SIZE;
  for (const [slot, blob] of entries) {
    bytes.writeUInt32BE(slot, at);
    bytes.writeUInt32BE(offset, at + 4);
    blob.copy(bytes, offset);
    at += ENTRY_SIZE;
    offset += blob.length;
  }
  bytes.writeUInt32BE(EMBEDDED_SIGNATURE, 0);
  bytes.writeUInt32BE(offset, 4);
  bytes.writeUInt32BE(entries.length, 8);
}

/** Whether a blob has nothing after its header. */
export function isEmptyBlob(blob: Buffer | undefined): boolean {
  return blob === undefined || blob.length <= BLOB_HEADER_SIZE;
}

function blobHeader(magic: number, contentLength: number): Buffer {
  const bytes = Buffer.alloc(BLOB_HEADER_SIZE);
  bytes.writeUInt32BE(magic, 0);
  bytes.writeUInt32BE(BLOB_HEADER_SIZE + contentLength, 4);
  return bytes;
}

/** A set of no requirements, which is what code without an identity has. */
export const NO_REQUIREMENTS: Buffer = Buffer.concat([blobHeader(REQUIREMENTS, 4), Buffer.alloc(4)]);

/** The place of a certificate's signature, empty. */
export const NO_CERTIFICATE: Buffer = blobHeader(BLOB_WRAPPER, 0);
