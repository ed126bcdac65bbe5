// Drops run path entries that do not exist, as Spack does after every install (Spack: hooks/drop_redundant_rpaths.py).

import type { RandomAccess } from "@spack-oci/files";
import { type ElfString, parseElf } from "../elf/elf-file.js";
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
    const runPath = runPathOf(file);
    if (runPath === undefined) return false;
    const value = withoutMissing(runPath.value, paths);
    if (value.equals(runPath.value)) return false;
    const padding = Buffer.alloc(runPath.value.length - value.length);
    file.writeNow(Buffer.concat([value, padding]), runPath.offset);
    return true;
  };
}

/** Remembers run paths until everything that they may lead to exists. */
export class RunPaths {
  /** Names of files by their run paths, of which a package has few. One character is a byte. */
  readonly #files = new Map<string, string[]>();

  /** @param name of the file; any that the caller understands */
  see(name: string, file: RandomAccess): void {
    const value = runPathOf(file)?.value.toString("latin1");
    if (value === undefined) return;
    const files = this.#files.get(value);
    if (files === undefined) this.#files.set(value, [name]);
    else files.push(name);
  }

  /** The files that {@link redundantRpathDropper} would change. */
  filesToChange(directory: string, finalPrefix: string): string[] {
    const paths = new PathsInPlace(lookUpIn(directory), finalPrefix);
    return [...this.#files].flatMap(([text, files]) => {
      const value = Buffer.from(text, "latin1");
      return withoutMissing(value, paths).equals(value) ? [] : files;
    });
  }
}

function runPathOf(file: RandomAccess): ElfString | undefined {
  return isElf(file) ? parseElf(file)?.runPath : undefined;
}

function withoutMissing(runPath: Buffer, paths: PathsInPlace): Buffer {
  const kept = split(runPath).filter(
    (part) => part[0] === DOLLAR || (part[0] === SLASH && paths.exists(part)),
  );
  return Buffer.from(kept.map((part) => part.toString("latin1")).join(":"), "latin1");
}

function split(value: Buffer): Buffer[] {
  return value
    .toString("latin1")
    .split(":")
    .map((part) => Buffer.from(part, "latin1"));
}
