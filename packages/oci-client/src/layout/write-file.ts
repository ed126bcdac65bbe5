// Files that are either complete or missing: written under a temporary name, flushed to disk, then renamed.

import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";

/** Tells this thread's names from those of others, even of other machines with the same process ID. */
const own = randomBytes(4).toString("hex");
let count = 0;

/** A unique name in `directory`. */
export function temporaryPath(directory: string, name: string): string {
  count = (count + 1) % 0x10000;
  return join(directory, `${name}.${process.pid}-${own}${count.toString(16).padStart(4, "0")}.tmp`);
}

/** Whether a name is one from {@link temporaryPath}. */
export function isTemporary(name: string): boolean {
  return /^\..+\.\d+-[0-9a-f]{12}\.tmp$/.test(name);
}

/** Writes a new file and flushes it to disk; fails if it exists. */
export async function writeFileSynced(path: string, content: string): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
