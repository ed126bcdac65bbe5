// Applies a growth plan to a file in place: the file keeps its inode, hard links and mode.

import type { OpenFile } from "@spack-oci/files";
import { readExactly, writeFully } from "../../binary-io/exact-io.js";
import type { FileRange } from "./file-range.js";
import type { GrowthPlan } from "./plan-growth.js";

const COPY_SIZE = 1024 * 1024;

export async function applyGrowth(file: OpenFile, plan: GrowthPlan): Promise<void> {
  for (const { from, to } of plan.copies) {
    for (const { offset, size } of pieces(from)) {
      const bytes = await readExactly(file, offset, size);
      if (bytes === undefined) throw new Error("The file was truncated while it was being relocated.");
      await writeFully(file, bytes, to.offset + offset - from.offset);
    }
  }
  for (const range of plan.zeros) {
    for (const { offset, size } of pieces(range)) await writeFully(file, Buffer.alloc(size), offset);
  }
  for (const { position, bytes } of plan.writes) await writeFully(file, bytes, position);
}

function* pieces({ offset, size }: FileRange): Generator<FileRange> {
  for (let done = 0; done < size; done += COPY_SIZE)
    yield { offset: offset + done, size: Math.min(COPY_SIZE, size - done) };
}
