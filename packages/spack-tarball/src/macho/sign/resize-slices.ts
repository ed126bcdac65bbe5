// Makes room at the ends of the architectures of a file. Those of a universal binary that follow move.

import type { RandomAccess } from "@spack-oci/files";
import { alignUp } from "../../binary-io/file-range.js";
import { writeFatEntry } from "../fat-header.js";
import type { MachOSlice } from "../macho-file.js";
import { UnsupportedMachOError } from "../macho-format.js";
import { SliceReader } from "../slice-reader.js";

const COPY_SIZE = 1024 * 1024;

const ZERO: Buffer = Buffer.alloc(1);

/** Offsets and sizes in the header of a universal binary have 32 bits. */
const MAX_FAT_END = 2 ** 32 - 1;

interface Resized {
  readonly slice: MachOSlice;
  readonly offset: number;
  readonly size: number;
}

/**
 * @param sizes new sizes of all slices, none smaller than before; new bytes are zero
 * @returns the slices where they are then, by what they were
 * @throws UnsupportedMachOError if a universal binary would become too large
 */
export function resizeSlices(
  file: RandomAccess,
  sizes: ReadonlyMap<MachOSlice, number>,
): Map<MachOSlice, MachOSlice> {
  const slices = [...sizes.keys()].toSorted((left, right) => left.reader.offset - right.reader.offset);
  if (slices.every((slice) => sizes.get(slice) === slice.reader.size))
    return new Map(slices.map((slice) => [slice, slice]));
  const last = slices.at(-1)?.reader;
  if (last === undefined || last.offset + last.size !== file.size)
    throw new UnsupportedMachOError("other content follows the last architecture");
  const resized: Resized[] = [];
  let end = 0;
  for (const slice of slices) {
    const { fatEntry, reader } = slice;
    const offset = Math.max(reader.offset, alignUp(end, fatEntry?.alignment ?? 1));
    const size = sizes.get(slice) ?? reader.size;
    resized.push({ slice, offset, size });
    end = offset + size;
    if (fatEntry !== undefined && end > MAX_FAT_END) throw new UnsupportedMachOError("more than 4 GiB");
  }
  // From the last one, which moves into free space.
  for (const each of resized.toReversed()) {
    moveUp(file, each.slice, each.offset);
    const oldSize = each.slice.reader.size;
    if (each.size > oldSize) writeZeros(file, each.offset + oldSize, each.size - oldSize);
  }
  for (const { slice, offset, size } of resized) {
    if (slice.fatEntry !== undefined) writeFatEntry(file, slice.fatEntry, { offset, size });
  }
  return new Map(
    resized.map(({ slice, ...place }) => [slice, { ...slice, reader: new SliceReader(file, place) }]),
  );
}

/** Copies a slice from its end, because its old and new place overlap, and clears what it leaves. */
function moveUp(file: RandomAccess, { reader }: MachOSlice, offset: number): void {
  if (offset === reader.offset) return;
  for (let end = reader.size; end > 0; end -= COPY_SIZE) {
    const start = Math.max(0, end - COPY_SIZE);
    file.writeNow(reader.read(start, end - start), offset + start);
  }
  writeZeros(file, reader.offset, Math.min(reader.size, offset - reader.offset));
}

function writeZeros(file: RandomAccess, position: number, size: number): void {
  // What is beyond the end of a file is zero as soon as the file is longer.
  if (position >= file.size) {
    file.writeNow(ZERO, position + size - 1);
    return;
  }
  for (let done = 0; done < size; done += COPY_SIZE)
    file.writeNow(Buffer.alloc(Math.min(COPY_SIZE, size - done)), position + done);
}
