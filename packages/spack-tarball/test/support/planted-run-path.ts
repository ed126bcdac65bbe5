// Adds a run path to a copy of an existing ELF file without moving any of its bytes.

import { readFileSync, writeFileSync } from "node:fs";
import { openFile } from "@spack-oci/files";
import { parseElf } from "../../src/elf/elf-file.js";
import { DT_NEEDED, DT_RUNPATH } from "./elf-images.js";

/**
 * Linkers leave empty entries at the end of the dynamic section. One of them becomes DT_RUNPATH, and its string is the
 * end of a library's name. For 64-bit little-endian files.
 *
 * @returns the run path, or undefined if there is no room, no library, or a run path already
 */
export async function plantRunPath(path: string): Promise<string | undefined> {
  const file = await openFile(path, "r");
  const elf = await parseElf(file);
  await file.close();
  const last = elf?.dynamic.at(-1);
  const needed = elf?.dynamic.find(({ tag }) => tag === DT_NEEDED);
  if (elf?.stringTable === undefined || elf.runPath !== undefined || !last || !needed) return undefined;
  const bytes = readFileSync(path);
  const free = last.position + 8;
  const isFree = bytes.subarray(free, free + 32).every((byte) => byte === 0);
  if (!isFree || !hasRoom(bytes, free + 32)) return undefined;
  bytes.writeBigUInt64LE(BigInt(DT_RUNPATH), free);
  bytes.writeBigUInt64LE(BigInt(needed.value + "lib".length), free + 8);
  writeFileSync(path, bytes);
  const start = elf.stringTable.offset + needed.value + "lib".length;
  return bytes.toString("latin1", start, bytes.indexOf(0, start));
}

const PT_DYNAMIC = 2;

/** Whether the dynamic section reaches as far as `end`. */
function hasRoom(bytes: Buffer, end: number): boolean {
  const [table, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(56)];
  for (let at = table; at < table + count * 56; at += 56) {
    if (bytes.readUInt32LE(at) !== PT_DYNAMIC) continue;
    return end <= Number(bytes.readBigUInt64LE(at + 8) + bytes.readBigUInt64LE(at + 32));
  }
  return false;
}
