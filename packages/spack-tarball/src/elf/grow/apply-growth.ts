// Applies a growth plan to a file in place: the file keeps its inode, hard links and mode.

import type { RandomAccess } from "@spack-oci/files";
import type { FileRange } from "../../binary-io/file-range.js";
import type { GrowthPlan } from "./plan-growth.js";

const COPY_SIZE = 1024 * 1024;

export function applyGrowth(file: RandomAccess, plan: GrowthPlan): void {
  for (const { from, to } of plan.copies) {
    for (const { offset, size } of pieces(from)) {
      const bytes = Buffer.allocUnsafe(size);
      if (file.readNow(bytes, offset) < size)
        throw new Error("The file was truncated while it was being relocated.");
      file.writeNow(bytes, to.offset + offset - from.offset);
    }
  }
  for (const range of plan.zeros) {
    for (const { offset, size } of pieces(range)) file.writeNow(Buffer.alloc(size), offset);
  }
  for (const { position, bytes } of plan.writes) file.writeNow(bytes, position);
}

function* pieces({ offset, size }: FileRange): Generator<FileRange> {
  for (let done = 0; done < size; done += COPY_SIZE)
    yield { offset: offset + done, size: Math.min(COPY_SIZE, size - done) };
}
