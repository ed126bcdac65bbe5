// Reads the signature of a slice: where it is, and what of it is kept.

import { LC_CODE_SIGNATURE, type LoadCommand } from "../load-command.js";
import type { MachOSlice } from "../macho-file.js";
import { type MachOFormat, UnsupportedMachOError } from "../macho-format.js";
import { decodeDirectory, type OldPages } from "./code-directory.js";
import {
  decodeBlobs,
  isEmptyBlob,
  SLOT_CMS,
  SLOT_CODE_DIRECTORY,
  SLOT_DER_ENTITLEMENTS,
  SLOT_ENTITLEMENTS,
  SLOTS_ALTERNATE,
} from "./signature-blobs.js";

export interface OldSignature {
  readonly command: LoadCommand;
  /** From the start of the slice. */
  readonly offset: number;
  /** Bytes that are reserved for it. */
  readonly size: number;
  /** Whether it was made with an identity. */
  readonly hasIdentity: boolean;
  /** Blobs that are kept, by slot. */
  readonly entitlements: ReadonlyMap<number, Buffer>;
  readonly executableFlags: bigint | undefined;
  readonly pages: OldPages | undefined;
  /** Undefined if it cannot stay as it is but for its digests: it has an identity, or others than those of `pages`. */
  readonly adHoc: AdHocSignature | undefined;
}

interface AdHocSignature {
  /** The digests in `pages` are part of them. */
  readonly bytes: Buffer;
  readonly pages: OldPages;
}

const COMMAND_SIZE = 16;

/**
 * @returns undefined if the slice has none
 * @throws UnsupportedMachOError if it is not inside of the slice
 */
export function readSignature({ commands, reader, format }: MachOSlice): OldSignature | undefined {
  const command = commands.find(({ type }) => type === LC_CODE_SIGNATURE);
  if (command === undefined) return undefined;
  if (command.bytes.length < COMMAND_SIZE) throw new UnsupportedMachOError("a short signature command");
  const [offset, size] = [format.word(command.bytes, 8), format.word(command.bytes, 12)];
  const bytes = reader.read(offset, size);
  const blobs = decodeBlobs(bytes) ?? new Map<number, Buffer>();
  const directories = [SLOT_CODE_DIRECTORY, ...SLOTS_ALTERNATE].flatMap((slot) => {
    const blob = blobs.get(slot);
    return (blob && decodeDirectory(blob)) ?? [];
  });
  const pages = directories.find((directory) => directory.pages?.codeLimit === offset)?.pages;
  const isOnlyAdHoc = directories.length === 1 && directories[0]?.isAdHoc === true;
  return {
    command,
    offset,
    size,
    hasIdentity: directories[0]?.isAdHoc === false && !isEmptyBlob(blobs.get(SLOT_CMS)),
    entitlements: new Map(
      [SLOT_ENTITLEMENTS, SLOT_DER_ENTITLEMENTS].flatMap((slot): [number, Buffer][] => {
        const blob = blobs.get(slot);
        return blob === undefined ? [] : [[slot, blob]];
      }),
    ),
    executableFlags: directories.find(({ executableFlags }) => executableFlags !== undefined)
      ?.executableFlags,
    pages,
    adHoc: isOnlyAdHoc && pages !== undefined ? { bytes, pages } : undefined,
  };
}

/** The load command that says where a signature is. */
export function encodeSignatureCommand(
  format: MachOFormat,
  { offset, size }: { readonly offset: number; readonly size: number },
): Buffer {
  const bytes = Buffer.alloc(COMMAND_SIZE);
  for (const [index, word] of [LC_CODE_SIGNATURE, COMMAND_SIZE, offset, size].entries())
    format.setWord(bytes, 4 * index, word);
  return bytes;
}
