// Rewrites the run path and the interpreter of an ELF file in place
// (Spack: util/elf.py, substitute_rpath_and_pt_interp_in_place_or_raise).

import type { FileHandle } from "node:fs/promises";
import { type ElfString, parseElf } from "../elf/elf-file.js";
import { writeFully } from "../files/write-fully.js";
import type { BlockedString } from "../prefixes/c-string-patches.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";

/**
 * Both strings are rewritten, or none where one of them would grow.
 *
 * @returns the strings that would grow; empty where all is done
 */
export async function relocateElf(file: FileHandle, map: PrefixMap): Promise<BlockedString[]> {
  const elf = await parseElf(file);
  if (elf === undefined) return [];
  const updates = [
    update(elf.runPath, relocateRunPath, map),
    update(elf.interpreter, relocateInterpreter, map),
  ].filter((change) => change !== undefined);
  const blocked = updates.filter(({ string, value }) => value.length > string.value.length);
  if (blocked.length > 0) {
    return blocked.map(({ string, value }) => ({
      position: string.offset,
      reason: "cannot-grow",
      old: string.value,
      replacement: value,
      found: string.value,
    }));
  }
  for (const { string, value } of updates) {
    const padding = Buffer.alloc(string.value.length - value.length);
    await writeFully(file, Buffer.concat([value, padding]), string.offset);
  }
  return [];
}

interface Update {
  readonly string: ElfString;
  readonly value: Buffer;
}

function update(
  string: ElfString | undefined,
  relocate: (value: Buffer, map: PrefixMap) => Buffer | undefined,
  map: PrefixMap,
): Update | undefined {
  const value = string === undefined ? undefined : relocate(string.value, map);
  return string === undefined || value === undefined ? undefined : { string, value };
}

/** Entries that begin with a known prefix get the new one; empty entries go, unless nothing else changes. */
function relocateRunPath(value: Buffer, map: PrefixMap): Buffer | undefined {
  const entries = value
    .toString("latin1")
    .split(":")
    .filter((entry) => entry !== "")
    .map((entry) => Buffer.from(entry, "latin1"));
  const relocated = entries.map((entry) => map.replaceStart(entry));
  if (relocated.every((entry) => entry === undefined)) return undefined;
  return Buffer.from(
    relocated
      .map((entry, index) => (entry ?? entries[index] ?? Buffer.alloc(0)).toString("latin1"))
      .join(":"),
    "latin1",
  );
}

function relocateInterpreter(value: Buffer, map: PrefixMap): Buffer | undefined {
  return map.replaceStart(value);
}
