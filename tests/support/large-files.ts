// Large files that are generated as fast as they are written, and compress only in part.

import { createCipheriv } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";

/** Bytes per write. */
const BLOCK = 1024 * 1024;

/**
 * Writes `start`, then blocks that are one quarter noise, as text, and otherwise repeat `line`.
 *
 * @param bytes the minimum size after the start
 */
export function writeLargeFile(path: string, start: string | Uint8Array, line: string, bytes: number): void {
  const noise = createCipheriv("aes-128-ctr", Buffer.alloc(16, "seed"), Buffer.alloc(16));
  const nothing = Buffer.alloc((BLOCK / 16) * 3);
  const lines = Buffer.alloc((BLOCK / 4) * 3, line);
  const file = openSync(path, "w", 0o644);
  try {
    writeSync(file, Buffer.from(start));
    for (let written = 0; written < bytes; written += BLOCK) {
      writeSync(file, noise.update(nothing).toString("base64"));
      writeSync(file, lines);
    }
  } finally {
    closeSync(file);
  }
}
