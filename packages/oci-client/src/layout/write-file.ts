// Files that are either complete or missing: written under a temporary name, flushed to disk, then renamed.

import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";

/** A unique name in `directory`. */
export function temporaryPath(directory: string, name: string): string {
  return join(directory, `${name}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
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
