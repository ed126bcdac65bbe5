// Rewrites the paths in the load commands of Mach-O files (Spack: relocate.py, relocate_macho_binaries, which leaves the
// writing to install_name_tool).

import type { RandomAccess } from "@spack-oci/files";
import type { FileRange } from "../binary-io/file-range.js";
import {
  LC_DYLD_ENVIRONMENT,
  LC_ID_DYLIB,
  LC_LOAD_DYLIB,
  LC_RPATH,
  type LoadCommand,
  withPath,
} from "../macho/load-command.js";
import { type MachOSlice, parseMachO } from "../macho/macho-file.js";
import { type PlacedCommand, planCommands, writeCommands } from "../macho/rewrite-commands.js";
import { type BlockedString, fitsAsCString } from "../prefixes/c-string-patches.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";
import type { StructureRelocation } from "./structure-relocation.js";

/** The commands that Spack reads. It leaves others to the search for C strings. */
const READ_BY_SPACK = [LC_ID_DYLIB, LC_LOAD_DYLIB, LC_RPATH];

/**
 * Rewrites load commands in each architecture. Commands grow into the space before the first section. Paths that Spack
 * leaves to the search for C strings are left to it here, too, unless they would not fit.
 *
 * Spack looks only at the last architecture of a universal binary, and has install_name_tool rewrite what it found in
 * all of them. Here each architecture counts. And where a run path would become equal to another one, Spack keeps both,
 * or fails; here the second one is dropped.
 *
 * @param name of the file: Spack skips object files and libgcc
 */
export function relocateMachO(file: RandomAccess, map: PrefixMap, name: string): StructureRelocation {
  const slices = parseMachO(file) ?? [];
  const isSkipped = name.endsWith(".o") || name.includes("libgcc_");
  const results = slices.map((slice) => relocateSlice(slice, map, isSkipped));
  return {
    blocked: results.flatMap(({ blocked }) => blocked),
    relocated: results.flatMap(({ relocated }) => relocated),
  };
}

function relocateSlice(slice: MachOSlice, map: PrefixMap, isSkipped: boolean): StructureRelocation {
  const paths = newPaths(slice.commands, map, isSkipped);
  if (paths.size === 0) return { blocked: [], relocated: [] };
  const plan = planCommands(
    slice,
    new Map([...paths].map(([command, path]) => [command, path && withPath(command, path, slice.format)])),
  );
  if (!plan.fits) return { blocked: blockedPaths(slice, paths, plan.missing), relocated: [] };
  writeCommands(slice, plan);
  const changed = plan.commands.filter(({ original }) => paths.has(original));
  return { blocked: [], relocated: changed.map((command) => rangeOf(slice, command)) };
}

/** New paths by command; undefined for a run path that is dropped. */
function newPaths(
  commands: readonly LoadCommand[],
  map: PrefixMap,
  isSkipped: boolean,
): Map<LoadCommand, Buffer | undefined> {
  const found = new Map<LoadCommand, Buffer | undefined>();
  const runPaths = new RunPathValues(commands, map);
  for (const command of commands) {
    const value = command.path?.value;
    const path = value && replaced(value, command.type, map);
    if (value === undefined || path === undefined || path.equals(value)) continue;
    const isDuplicate = command.type === LC_RPATH && !runPaths.claim(value, path);
    if (!isSkipped && READ_BY_SPACK.includes(command.type))
      found.set(command, isDuplicate ? undefined : path);
    else if (!fitsAsCString(value, map)) found.set(command, path);
  }
  return found;
}

/** Variables for dyld, such as `DYLD_LIBRARY_PATH=/a:/b`, have several paths. */
function replaced(value: Buffer, type: number, map: PrefixMap): Buffer | undefined {
  if (type !== LC_DYLD_ENVIRONMENT) return map.replacePath(value);
  const parts = value.toString("latin1").split(/(?<=[=:])/);
  return Buffer.concat(
    parts.map((part) => Buffer.from(part, "latin1")).map((part) => map.replacePath(part) ?? part),
  );
}

/**
 * The values of run paths, of which no two may become equal: dyld refuses duplicates. Those that were equal before stay
 * equal.
 */
class RunPathValues {
  readonly #owners = new Map<string, string>();

  constructor(commands: readonly LoadCommand[], map: PrefixMap) {
    for (const { type, path } of commands) {
      if (type === LC_RPATH && path !== undefined && map.replacePath(path.value) === undefined)
        this.claim(path.value, path.value);
    }
  }

  /** @returns false if another run path has or gets this value */
  claim(before: Buffer, after: Buffer): boolean {
    const [owner, value] = [before.toString("latin1"), after.toString("latin1")];
    const found = this.#owners.get(value) ?? owner;
    this.#owners.set(value, found);
    return found === owner;
  }
}

function rangeOf({ reader }: MachOSlice, { offset, bytes }: PlacedCommand): FileRange {
  return { offset: reader.offset + offset, size: bytes.length };
}

function blockedPaths(
  { reader }: MachOSlice,
  paths: ReadonlyMap<LoadCommand, Buffer | undefined>,
  missing: number,
): BlockedString[] {
  return [...paths].flatMap(([{ offset, path }, replacement]) => {
    if (path === undefined || replacement === undefined || replacement.length <= path.value.length) return [];
    const position = reader.offset + offset + path.start;
    const old = path.value;
    return [{ position, reason: "no-header-room" as const, missing, old, replacement, found: old }];
  });
}
