// Drops run path entries that do not exist, as Spack does after every install (Spack: hooks/drop_redundant_rpaths.py).

import type { RandomAccess } from "@spack-oci/files";
import { parseElf } from "../elf/elf-file.js";
import { isElf } from "../elf/elf-reader.js";
import { type LookUpOwn, lookUpIn, PathsInPlace } from "./paths-in-place.js";

const DOLLAR = 0x24;
const SLASH = 0x2f;

/** Does so for one file, ELF or not. @returns whether it dropped anything */
export type RpathDropper = (file: RandomAccess) => boolean;

/**
 * Keeps entries that begin with `$`, and absolute ones that exist. The packages that this one runs with must be in
 * place already, or entries that lead to them are dropped.
 *
 * @param directory where the package is, or what is in it
 * @param finalPrefix where it will be; paths below it are looked up in `directory`
 */
export function redundantRpathDropper(directory: string | LookUpOwn, finalPrefix: string): RpathDropper {
  const lookUpOwn = typeof directory === "string" ? lookUpIn(directory) : directory;
  const paths = new PathsInPlace(lookUpOwn, finalPrefix);
  return (file) => {
    const runPath = isElf(file) ? parseElf(file)?.runPath : undefined;
    if (runPath === undefined) return false;
    const kept = split(runPath.value).filter(
      (part) => part[0] === DOLLAR || (part[0] === SLASH && paths.exists(part)),
    );
    const value = Buffer.from(kept.map((part) => part.toString("latin1")).join(":"), "latin1");
    if (value.equals(runPath.value)) return false;
    const padding = Buffer.alloc(runPath.value.length - value.length);
    file.writeNow(Buffer.concat([value, padding]), runPath.offset);
    return true;
  };
}

function split(value: Buffer): Buffer[] {
  return value
    .toString("latin1")
    .split(":")
    .map((part) => Buffer.from(part, "latin1"));
}
