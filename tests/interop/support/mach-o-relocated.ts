// Relocates Mach-O files, whose only prefix is that of the system's library, to other ones.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MemoryFile } from "../../../packages/files/src/memory-file.js";
import { PrefixMap } from "../../../packages/spack-tarball/src/prefixes/prefix-map.js";
import { relocateBinaryInMemory } from "../../../packages/spack-tarball/src/relocate/relocate-binary.js";

/** A prefix in every file. */
export const OLD = "/usr/lib/libSystem.B";

export const PREFIXES = {
  shorter: "/n/libSystem",
  equal: "/abc/def/libSystem.B",
  longer: "/a/much/longer/prefix/than/before/libSystem.B",
};

/** Zig leaves not a byte between the load commands of this library and its code. */
export const WITHOUT_ROOM = "libopentui.dylib";

export interface RelocatedFile {
  readonly content: MemoryFile;
  /** What does not fit, if anything. */
  readonly blocked: ReturnType<typeof relocateBinaryInMemory>;
}

export function relocated(file: string, prefix: string): RelocatedFile {
  const content = new MemoryFile(readFileSync(file));
  const relocation = { map: new PrefixMap([[OLD, prefix]]), name: file, platform: "darwin" };
  return { content, blocked: relocateBinaryInMemory(content, relocation) };
}

/** Those that fit, by the file they were. */
export function allRelocated(
  files: readonly string[],
  prefix: string,
): [file: string, content: MemoryFile][] {
  return files.flatMap((file) => {
    const { content, blocked } = relocated(file, prefix);
    return blocked.length > 0 ? [] : [[file, content] as [string, MemoryFile]];
  });
}

/** @returns the path of a file with that content */
export function written(directory: string, { bytes }: MemoryFile, name = "relocated"): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}
