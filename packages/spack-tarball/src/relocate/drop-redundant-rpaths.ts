// Drops entries of run paths that lead nowhere, as Spack does after every install (Spack: hooks/drop_redundant_rpaths.py).

import type { OpenFile } from "@spack-oci/files";
import { writeFully } from "../binary-io/exact-io.js";
import { parseElf } from "../elf/elf-file.js";
import { isElf } from "../elf/elf-reader.js";
import { PathsInPlace } from "./paths-in-place.js";

const DOLLAR = 0x24;
const SLASH = 0x2f;

/**
 * Keeps the entries that begin with `$` and the absolute ones that exist. Everything that the package runs with must be
 * in place already, or its entries get lost.
 *
 * @param directory where the package is
 * @param finalPrefix where it will be; paths below it are looked up in `directory`
 * @returns what does so with one file, which may be no ELF file; it says whether anything was dropped
 */
export function redundantRpathDropper(
  directory: string,
  finalPrefix: string,
): (file: OpenFile) => Promise<boolean> {
  const paths = new PathsInPlace(directory, finalPrefix);
  return async (file) => {
    const runPath = (await isElf(file)) ? (await parseElf(file))?.runPath : undefined;
    if (runPath === undefined) return false;
    const kept: Buffer[] = [];
    for (const part of split(runPath.value)) {
      if (part[0] === DOLLAR || (part[0] === SLASH && (await paths.exists(part)))) kept.push(part);
    }
    const value = Buffer.from(kept.map((part) => part.toString("latin1")).join(":"), "latin1");
    if (value.equals(runPath.value)) return false;
    const padding = Buffer.alloc(runPath.value.length - value.length);
    await writeFully(file, Buffer.concat([value, padding]), runPath.offset);
    return true;
  };
}

function split(value: Buffer): Buffer[] {
  return value
    .toString("latin1")
    .split(":")
    .map((part) => Buffer.from(part, "latin1"));
}
