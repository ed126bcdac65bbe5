// Decides whether a slice needs a signature, and where there is room for it.

import { alignUp } from "../../binary-io/file-range.js";
import { LC_CODE_SIGNATURE } from "../load-command.js";
import {
  CPU_TYPE_ARM64,
  type MachOSlice,
  MH_BUNDLE,
  MH_DYLIB,
  MH_DYLINKER,
  MH_EXECUTE,
} from "../macho-file.js";
import { UnsupportedMachOError } from "../macho-format.js";
import { type FittingCommands, planCommands } from "../rewrite-commands.js";
import { resizedSegment, type Segment } from "../segments.js";
import { encodeSignatureCommand, type OldSignature, readSignature } from "./old-signature.js";
import { type SignatureContent, sameContent, signatureContent } from "./signature-content.js";

export interface SignaturePlan {
  readonly old: OldSignature | undefined;
  readonly content: SignatureContent;
  /** From the start of the slice. */
  readonly offset: number;
  /** Bytes that are reserved for it, to the end of the slice if they are more than before. */
  readonly size: number;
  /** Load commands that describe its place; undefined if that is the old one. */
  readonly commands: FittingCommands | undefined;
}

/** Signatures begin at multiples of this, and so do their ends. */
const ALIGNMENT = 16;

/** Files that are loaded as code. The kernel of Macs with Apple silicon loads no such file without a signature. */
const LOADED = [MH_EXECUTE, MH_DYLIB, MH_DYLINKER, MH_BUNDLE];

/** Whether a slice has a signature, or does not run without one. */
export function needsSignature({ commands, cpuType, fileType }: MachOSlice): boolean {
  const mustBeSigned = cpuType === CPU_TYPE_ARM64 && LOADED.includes(fileType);
  return mustBeSigned || commands.some(({ type }) => type === LC_CODE_SIGNATURE);
}

export interface SigningConditions {
  readonly identifier: Buffer;
  /** Whether nothing follows the architectures of the file. */
  readonly canGrow: boolean;
}

/**
 * @returns undefined if the slice has no signature, and no room for the first one
 * @throws UnsupportedMachOError if there is not enough room
 */
export function planSignature(slice: MachOSlice, conditions: SigningConditions): SignaturePlan | undefined {
  const old = readSignature(slice);
  if (old === undefined) return planFirst(slice, conditions);
  const { identifier } = conditions;
  const { offset, size } = old;
  const content = signatureContent(slice, old, { identifier, codeLimit: offset });
  const inPlace = { old, offset, size, commands: undefined };
  if (content.size <= size) return { ...inPlace, content };
  if (isLast(slice, old, conditions)) return planLonger(slice, old, content);
  // Programs with data after their signature, such as those that unpack themselves, search it from the end.
  const same = sameContent(slice, old);
  if (same === undefined) throw new UnsupportedMachOError("other content follows the signature");
  return { ...inPlace, content: same };
}

function planLonger(slice: MachOSlice, old: OldSignature, content: SignatureContent): SignaturePlan {
  const { offset } = old;
  const size = alignUp(content.size, ALIGNMENT);
  const command = encodeSignatureCommand(slice.format, { offset, size });
  const changes = new Map([[old.command, command]]);
  const linkEdit = slice.segments.find(isLinkEdit);
  if (linkEdit !== undefined) changes.set(linkEdit.command, extended(slice, linkEdit, offset + size));
  const commands = planCommands(slice, changes);
  if (!commands.fits) throw new UnsupportedMachOError("no room for load commands");
  return { old, content, offset, size, commands };
}

function planFirst(slice: MachOSlice, { identifier, canGrow }: SigningConditions): SignaturePlan | undefined {
  const linkEdit = slice.segments.find(isLinkEdit);
  if (!canGrow || linkEdit === undefined || endOf(linkEdit) !== slice.reader.size) return undefined;
  const offset = alignUp(slice.reader.size, ALIGNMENT);
  const content = signatureContent(slice, undefined, { identifier, codeLimit: offset });
  const size = alignUp(content.size, ALIGNMENT);
  const changes = new Map([[linkEdit.command, extended(slice, linkEdit, offset + size)]]);
  const commands = planCommands(slice, changes, [encodeSignatureCommand(slice.format, { offset, size })]);
  return commands.fits ? { old: undefined, content, offset, size, commands } : undefined;
}

/** The command of the last segment, which ends elsewhere. */
function extended({ cpuType, segments, format }: MachOSlice, segment: Segment, end: number): Buffer {
  const size = end - segment.offset;
  const page = cpuType === CPU_TYPE_ARM64 ? 0x4000 : 0x1000;
  const memorySize = Math.max(segment.memorySize, alignUp(size, page));
  const follows = segments.some(
    ({ address }) => address > segment.address && address < segment.address + memorySize,
  );
  if (follows && memorySize > segment.memorySize)
    throw new UnsupportedMachOError("another segment follows the signature");
  return resizedSegment(segment, { size, memorySize }, format);
}

/** Whether a signature ends the last segment, and nothing follows but zeros, with which some tools end a file. */
function isLast(slice: MachOSlice, { offset, size }: OldSignature, { canGrow }: SigningConditions): boolean {
  const { reader, segments } = slice;
  const end = offset + size;
  const linkEdit = segments.find(isLinkEdit);
  if (!canGrow || linkEdit === undefined || end !== endOf(linkEdit) || end > reader.size) return false;
  for (const piece of reader.pieces(end, reader.size - end)) {
    if (piece.some((byte) => byte !== 0)) return false;
  }
  return true;
}

function isLinkEdit({ name }: Segment): boolean {
  return name === "__LINKEDIT";
}

function endOf({ offset, size }: Segment): number {
  return offset + size;
}
