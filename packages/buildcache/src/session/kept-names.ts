// The names of the packages in each buildcache, as far as they were read before: for completion, which must not wait
// for a registry.

import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { PackageName } from "../events/events.js";
import type { ListedPackages } from "../schedule/run.js";
import { cachePlace } from "./cache-place.js";

/** A file of the cache: its name is one that the cache clears. */
interface KeptNames {
  /** The location of the buildcache. */
  readonly buildcache: string;
  /** The digest of the index that the names are from. */
  readonly index: string;
  readonly packages: readonly (readonly [name: string, version: string, hash: string])[];
}

/**
 * The packages that the buildcache had when it was last read; empty if nothing is known.
 *
 * @param buildcache its location, as `Buildcache.name` has it
 */
export function keptNames(environment: NodeJS.ProcessEnv, buildcache: string): readonly PackageName[] {
  const file = fileOf(environment, buildcache);
  if (file === undefined) return [];
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as KeptNames;
    return kept.packages.map(([name, version, hash]) => ({ name, version, hash }));
  } catch {
    // Missing, or from another version: completion has nothing to offer.
    return [];
  }
}

/** Keeps the names of the packages in a buildcache's index, if the index is new and the file system allows it. */
export function keepNames(
  environment: NodeJS.ProcessEnv,
  buildcache: string,
  { digest, packages }: ListedPackages,
): void {
  const file = fileOf(environment, buildcache);
  // To collect the names of a large index takes longer than anything else that is done with it.
  if (file === undefined || beginsWith(file, beginningOf(buildcache, digest))) return;
  const kept: KeptNames = {
    buildcache,
    index: digest,
    packages: packages.map(({ name, version, hash }) => [name, version, hash]),
  };
  const temporary = `${file}.${randomUUID()}.incoming`;
  // Only completion misses them.
  const isKept = succeeds(() => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, JSON.stringify(kept), { flag: "wx", mode: 0o600 });
    renameSync(temporary, file);
  });
  if (!isKept) succeeds(() => rmSync(temporary, { force: true }));
}

function succeeds(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

/** What all files with the names of this index have before the names. */
function beginningOf(buildcache: string, index: string): Buffer {
  return Buffer.from(JSON.stringify({ buildcache, index }).replace(/\}$/, ","));
}

function beginsWith(file: string, beginning: Buffer): boolean {
  const read = Buffer.alloc(beginning.byteLength);
  return (
    succeeds(() => {
      const descriptor = openSync(file, "r");
      try {
        readSync(descriptor, read);
      } finally {
        closeSync(descriptor);
      }
    }) && read.equals(beginning)
  );
}

function fileOf(environment: NodeJS.ProcessEnv, buildcache: string): string | undefined {
  const directory = cachePlace(environment);
  const key = createHash("sha256").update(buildcache).digest("hex");
  return directory && join(directory, `sha256-${key}.names`);
}
