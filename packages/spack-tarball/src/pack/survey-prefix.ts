// Lists the entries of a small install prefix in one go; walk-prefix.ts walks any prefix.

import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import {
  compareFileNames,
  decodeFileName,
  encodeFileName,
  fileSystemPath,
  type Operate,
} from "@spack-oci/files";
import { describeFile, identity, join, type KnownInodes, type PrefixEntry } from "./prefix-entry.js";

/**
 * A header takes 512 bytes, and a file up to 511 more of padding: with this many, they add at most 4 MiB to an
 * archive. More entries also hold up everything else for too long.
 */
const MAX_ENTRIES = 4096;

/** How a prefix is listed. */
export interface SurveyOptions {
  /** Path below the prefix of a file that is skipped under all of its names. */
  readonly skip: string;
  /** Bytes in files after which the survey is given up. */
  readonly maxBytes: number;
  readonly operate: Operate;
}

/** The entries that `walkPrefix` yields; undefined if there are too many, or the files have too many bytes. */
export function surveyPrefix(
  prefix: string,
  { skip, maxBytes, operate }: SurveyOptions,
): PrefixEntry[] | undefined {
  const stat = (path: string) => {
    const place = fileSystemPath(`${prefix}/${path}`);
    return operate(() => lstatSync(place, { bigint: true }));
  };
  const skipped = ifPresent(() => stat(skip));
  const known: KnownInodes = { skipped: skipped && identity(skipped), firstNames: new Map() };
  const entries: PrefixEntry[] = [];
  let bytes = 0;

  /** @returns false if the files have too many bytes */
  const add = (path: string): boolean => {
    const status = stat(path);
    if (status.isSymbolicLink() && identity(status) !== known.skipped) {
      entries.push({ type: "symlink", path, target: linkTarget(join(prefix, path), operate) });
      return true;
    }
    const entry = describeFile(known, path, status);
    if (entry === undefined) return true;
    entries.push(entry);
    if (entry.type === "file") bytes += entry.size;
    return bytes <= maxBytes;
  };

  const pending = [""];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    if (entries.length >= MAX_ENTRIES) return undefined;
    entries.push({ type: "directory", path: directory });
    const subdirectories: string[] = [];
    for (const { name, isDirectory } of sortedEntries(join(prefix, directory), operate)) {
      const path = join(directory, name);
      if (isDirectory) subdirectories.push(path);
      else if (entries.length >= MAX_ENTRIES || !add(path)) return undefined;
    }
    pending.push(...subdirectories.reverse());
  }
  return entries;
}

function ifPresent<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function sortedEntries(directory: string, operate: Operate): { name: string; isDirectory: boolean }[] {
  const path = encodeFileName(directory);
  const entries = operate(() => readdirSync(path, { withFileTypes: true, encoding: "latin1" }));
  return entries
    .map((entry) => ({ name: nameOf(entry.name), isDirectory: entry.isDirectory() }))
    .sort((left, right) => compareFileNames(left.name, right.name));
}

function linkTarget(path: string, operate: Operate): string {
  return nameOf(operate(() => readlinkSync(fileSystemPath(path), { encoding: "latin1" })));
}

/** A name that was read as ISO 8859-1, which Node does faster than names as buffers. */
function nameOf(latin1: string): string {
  return isAscii(latin1) ? latin1 : decodeFileName(Buffer.from(latin1, "latin1"));
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
