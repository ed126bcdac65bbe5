// Signs the architectures of a file that changed, ad hoc: with digests, but with no identity.

import type { RandomAccess } from "@spack-oci/files";
import { type FileRange, overlaps } from "../../binary-io/file-range.js";
import { type MachOSlice, parseMachO } from "../macho-file.js";
import { writeCommands } from "../rewrite-commands.js";
import { signingIdentifier } from "./identifier.js";
import { hashPages } from "./page-hashes.js";
import { needsSignature, planSignature, type SignaturePlan } from "./plan-signature.js";
import { resizeSlices } from "./resize-slices.js";

export interface SigningRequest {
  /** Path of the file, whose name becomes the identifier. */
  readonly name: string;
  /** What was written to the file since it was signed. */
  readonly changes: readonly FileRange[];
}

export interface SigningOutcome {
  /** Whether a signature with an identity was replaced. */
  readonly hadIdentity: boolean;
}

/**
 * Replaces the signature of each architecture that changed. One that had none gets one only if it has to run on Macs
 * with Apple silicon. A file that cannot be read as Mach-O stays as it is.
 *
 * @throws UnsupportedMachOError if a signature has no room, in which case nothing was written
 */
export function signFile(file: RandomAccess, { name, changes }: SigningRequest): SigningOutcome {
  const slices = parseMachO(file) ?? [];
  const due = slices.filter((slice) => changesIn(slice, changes).length > 0 && needsSignature(slice));
  if (due.length === 0) return { hadIdentity: false };
  const identifier = signingIdentifier(slices, name);
  const canGrow = slices.some(({ reader }) => reader.offset + reader.size === file.size);
  const plans = new Map<MachOSlice, SignaturePlan>();
  for (const slice of due) {
    const plan = planSignature(slice, { identifier, canGrow });
    if (plan !== undefined) plans.set(slice, plan);
  }
  const placed = resizeSlices(file, new Map(slices.map((slice) => [slice, sizeOf(slice, plans.get(slice))])));
  for (const [slice, plan] of plans) signSlice(placed.get(slice) ?? slice, plan, changesIn(slice, changes));
  return { hadIdentity: [...plans.values()].some(({ old }) => old?.hasIdentity === true) };
}

/** What changed in a slice, from its start. */
function changesIn({ reader }: MachOSlice, changes: readonly FileRange[]): FileRange[] {
  return changes
    .filter((change) => overlaps(change, reader))
    .map(({ offset, size }) => ({ offset: offset - reader.offset, size }));
}

function sizeOf({ reader }: MachOSlice, plan: SignaturePlan | undefined): number {
  return Math.max(reader.size, plan === undefined ? 0 : plan.offset + plan.size);
}

function signSlice(slice: MachOSlice, plan: SignaturePlan, changes: readonly FileRange[]): void {
  const { reader, format, commandsSize } = slice;
  const { commands, content, old, offset } = plan;
  if (commands !== undefined) writeCommands(slice, commands);
  const header = { offset: 0, size: format.headerSize + commandsSize };
  const pageHashes = hashPages(reader, {
    codeLimit: offset,
    old: old?.pages?.hashes,
    changes: commands === undefined ? changes : [...changes, header],
  });
  const signature = Buffer.alloc(plan.size);
  content.encode(pageHashes, signature);
  reader.write(signature, offset);
}
