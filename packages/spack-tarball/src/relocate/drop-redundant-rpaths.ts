// Drops entries of run paths that lead nowhere, as Spack does after every install (Spack: hooks/drop_redundant_rpaths.py).

import { posix } from "node:path";
import { encodeFileName, lstat, type OpenFile } from "@spack-oci/files";
import { parseElf } from "../elf/elf-file.js";
import { writeFully } from "../files/write-fully.js";

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
  const exists = existence(directory, finalPrefix);
  return async (file) => {
    const runPath = (await parseElf(file))?.runPath;
    if (runPath === undefined) return false;
    const kept: Buffer[] = [];
    for (const part of split(runPath.value)) {
      if (part[0] === DOLLAR || (part[0] === SLASH && (await exists(part)))) kept.push(part);
    }
    const value = Buffer.from(kept.map((part) => part.toString("latin1")).join(":"), "latin1");
    if (value.equals(runPath.value)) return false;
    const padding = Buffer.alloc(runPath.value.length - value.length);
    await writeFully(file, Buffer.concat([value, padding]), runPath.offset);
    return true;
  };
}

type Exists = (path: Buffer) => Promise<boolean>;

function split(value: Buffer): Buffer[] {
  return value
    .toString("latin1")
    .split(":")
    .map((part) => Buffer.from(part, "latin1"));
}

/** Whether a path exists once the package is in place; answers are remembered, as run paths repeat themselves. */
function existence(directory: string, finalPrefix: string): Exists {
  const known = new Map<string, Promise<boolean>>();
  const own = encodeFileName(finalPrefix).toString("latin1");
  return (path) => {
    // Without `..`, which could lead from the prefix to a neighbour, and then not from `directory`.
    const key = posix.normalize(path.toString("latin1"));
    let answer = known.get(key);
    if (answer === undefined) {
      const place = Buffer.from(key, "latin1");
      const isOwn = key === own || key.startsWith(`${own}/`);
      answer = lexists(
        isOwn ? Buffer.concat([encodeFileName(directory), place.subarray(own.length)]) : place,
      );
      known.set(key, answer);
    }
    return answer;
  };
}

async function lexists(path: Buffer): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"].includes(code)) return false;
    throw error;
  }
}
