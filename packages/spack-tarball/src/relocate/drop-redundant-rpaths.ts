// Drops run path entries that do not exist, as Spack does after every install (Spack: hooks/drop_redundant_rpaths.py).

import type { OpenFile } from "@spack-oci/files";
import { writeFully } from "../binary-io/exact-io.js";
import { parseElf } from "../elf/elf-file.js";
import { isElf } from "../elf/elf-reader.js";
import { PathsInPlace } from "./paths-in-place.js";

const DOLLAR = 0x24;
const SLASH = 0x2f;

/**
 * Keeps entries that begin with `$`, and absolute ones that exist. The packages that this one runs with must be in place
 * already, or entries that lead to them are dropped.
 *
 * @param directory where the package is
 * @param finalPrefix where it will be; paths below it are looked up in `directory`
 * @returns a function that does so for one file, ELF or not, and returns whether it dropped anything
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
