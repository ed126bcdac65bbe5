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
  noCertificate,
  noRequirements,
  type SignatureBlobs,
  SLOT_CMS,
  SLOT_CODE_DIRECTORY,
  SLOT_INFO,
  SLOT_REQUIREMENTS,
} from "./signature-blobs.js";

/** Everything but the digests of pages. */
export interface SignatureContent {
  readonly directory: NewDirectory;
  /** Besides the code directory. */
  readonly blobs: SignatureBlobs;
  /** Of the encoded signature, in bytes. */
  readonly size: number;
}

/** @param codeLimit where the signature begins in the slice */
export function signatureContent(
  slice: MachOSlice,
  old: OldSignature | undefined,
  { identifier, codeLimit }: { readonly identifier: Buffer; readonly codeLimit: number },
): SignatureContent {
  const described = new Map([[SLOT_REQUIREMENTS, noRequirements()], ...(old?.entitlements ?? [])]);
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
    specialHashes: new Map(hashed.map(([slot, blob]) => [slot, hash("sha256", blob, "buffer")])),
  };
  const blobs = new Map([...described, [SLOT_CMS, noCertificate()]]);
  const placeholder = new Map([...blobs, [SLOT_CODE_DIRECTORY, Buffer.alloc(0)]]);
  return { directory, blobs, size: encodeBlobs(placeholder).length + directorySize(directory) };
}

/** @param pageHashes of the slice with all its changes */
export function encodeSignature({ directory, blobs }: SignatureContent, pageHashes: Buffer): Buffer {
  return encodeBlobs(new Map([...blobs, [SLOT_CODE_DIRECTORY, encodeDirectory(directory, pageHashes)]]));
}
