// What the new signature of a slice contains, as `codesign --force --sign -` writes it.

import { hash } from "node:crypto";
import { type MachOSlice, MH_EXECUTE } from "../macho-file.js";
import { UnsupportedMachOError } from "../macho-format.js";
import {
  directorySize,
  EXECUTABLE_MAIN_BINARY,
  encodeDirectory,
  type NewDirectory,
} from "./code-directory.js";
import { infoPlistOf } from "./info-plist.js";
import type { OldSignature } from "./old-signature.js";
import {
  encodeBlobs,
  encodedSize,
  NO_CERTIFICATE,
  NO_REQUIREMENTS,
  type SignatureBlobs,
  SLOT_CMS,
  SLOT_CODE_DIRECTORY,
  SLOT_INFO,
  SLOT_REQUIREMENTS,
} from "./signature-blobs.js";

/** Everything but the digests of pages. */
export interface SignatureContent {
  /** Of the encoded signature, in bytes. */
  readonly size: number;
  /**
   * @param pageHashes of the slice with all its changes
   * @param bytes where the signature is written; zeros, of which there may be more than its size
   */
  encode(pageHashes: Buffer, bytes: Buffer): void;
}

const NO_REQUIREMENTS_HASH = hash("sha256", NO_REQUIREMENTS, "buffer");

function sha256(blob: Buffer): Buffer {
  return blob === NO_REQUIREMENTS ? NO_REQUIREMENTS_HASH : hash("sha256", blob, "buffer");
}

/** @param codeLimit where the signature begins in the slice */
export function signatureContent(
  slice: MachOSlice,
  old: OldSignature | undefined,
  { identifier, codeLimit }: { readonly identifier: Buffer; readonly codeLimit: number },
): SignatureContent {
  const described = new Map([[SLOT_REQUIREMENTS, NO_REQUIREMENTS], ...(old?.entitlements ?? [])]);
  const infoPlist = infoPlistOf(slice);
  const hashed = [...described, ...(infoPlist === undefined ? [] : [[SLOT_INFO, infoPlist] as const])];
  const text = slice.segments.find(({ name }) => name === "__TEXT");
  if (text !== undefined && text.offset + text.size > slice.reader.size)
    throw new UnsupportedMachOError("the file ends early");
  const flags = old?.executableFlags ?? (slice.fileType === MH_EXECUTE ? EXECUTABLE_MAIN_BINARY : 0n);
  const directory: NewDirectory = {
    identifier,
    codeLimit,
    executable: { base: text?.offset ?? 0, limit: text?.size ?? 0, flags },
    specialHashes: new Map(hashed.map(([slot, blob]) => [slot, sha256(blob)])),
  };
  const blobs: SignatureBlobs = new Map([...described, [SLOT_CMS, NO_CERTIFICATE]]);
  return {
    size: encodedSize([directorySize(directory), ...[...blobs.values()].map(({ length }) => length)]),
    encode: (pageHashes, bytes) =>
      encodeBlobs(new Map([...blobs, [SLOT_CODE_DIRECTORY, encodeDirectory(directory, pageHashes)]]), bytes),
  };
}

/**
 * The old signature with other digests, for a file without room for what codesign would write.
 *
 * @returns undefined if it has an identity, or digests of a kind that is not written here
 */
export function sameContent(slice: MachOSlice, { adHoc }: OldSignature): SignatureContent | undefined {
  if (adHoc === undefined) return undefined;
  const { bytes: old, pages } = adHoc;
  const infoPlist = infoPlistOf(slice);
  const encode = (pageHashes: Buffer, bytes: Buffer) => {
    pageHashes.copy(pages.hashes);
    if (infoPlist !== undefined && pages.infoHash !== undefined)
      hash("sha256", infoPlist, "buffer").copy(pages.infoHash);
    old.copy(bytes);
  };
  return { size: old.length, encode };
}
