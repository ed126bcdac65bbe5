// Rewrites the run path and the interpreter of an ELF file, and paths of libraries that do not fit where they are
// (Spack: util/elf.py, substitute_rpath_and_pt_interp_in_place_or_raise; relocate.py, _set_elf_rpaths_and_interpreter).

import type { RandomAccess } from "@spack-oci/files";
import { type ElfString, type ElfStringUpdate, parseElf } from "../elf/elf-file.js";
import { applyGrowth } from "../elf/grow/apply-growth.js";
import { planGrowth } from "../elf/grow/plan-growth.js";
import type { BlockedString } from "../prefixes/c-string-patches.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";
import { type StructureRelocation, UNCHANGED } from "./structure-relocation.js";

/**
 * Rewrites the run path and the interpreter in place. If one of them or the path of a library becomes longer, the file
 * gets a segment for such strings at its end. If that is not possible, neither run path nor interpreter is rewritten.
 *
 * Spack leaves this to patchelf and changes DT_RUNPATH to DT_RPATH. Here DT_RUNPATH stays.
 */
export function relocateElf(file: RandomAccess, map: PrefixMap): StructureRelocation {
  const elf = parseElf(file);
  if (elf === undefined) return UNCHANGED;
  const updates = [
    ...update([elf.runPath], (value) => relocateRunPath(value, map)),
    ...update([elf.interpreter], (value) => map.replaceStart(value)),
  ];
  // A path of a library that fits is relocated with the other C strings.
  const names = update(elf.names, (value) => map.replaceStart(value)).filter(grows);
  const growing = [...updates.filter(grows), ...names];
  const plan = growing.length === 0 ? undefined : planGrowth(elf, growing);
  if (plan === undefined && updates.some(grows))
    return { blocked: updates.filter(grows).map(blockedString), relocated: [] };

  for (const { string, value } of updates.filter((each) => !grows(each))) {
    const padding = Buffer.alloc(string.value.length - value.length);
    file.writeNow(Buffer.concat([value, padding]), string.offset);
  }
  if (plan === undefined) return UNCHANGED;
  applyGrowth(file, plan);
  const { grownStrings } = plan;
  return { blocked: [], relocated: [{ offset: grownStrings, size: file.size - grownStrings }] };
}

function update(
  strings: readonly (ElfString | undefined)[],
  relocate: (value: Buffer) => Buffer | undefined,
): ElfStringUpdate[] {
  return strings.flatMap((string) => {
    const value = string && relocate(string.value);
    return string === undefined || value === undefined ? [] : { string, value };
  });
}

function grows({ string, value }: ElfStringUpdate): boolean {
  return value.length > string.value.length;
}

function blockedString({ string, value }: ElfStringUpdate): BlockedString {
  return {
    position: string.offset,
    reason: "cannot-grow",
    old: string.value,
    replacement: value,
    found: string.value,
  };
}

/** Entries that begin with a known prefix get the new one. Empty entries are dropped, unless nothing else changes. */
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
