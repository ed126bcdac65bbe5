// The names of the packages in each buildcache, as far as they were read before: for completion, which must not wait
// for a registry.

import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PackageName } from "../events/events.js";
import { cachePlace } from "./cache-place.js";

/** A file of the cache: its name is one that the cache clears. */
interface KeptNames {
  /** The location of the buildcache. */
  readonly buildcache: string;
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

/** Keeps the names of a buildcache's packages, if the file system allows it. */
export function keepNames(
  environment: NodeJS.ProcessEnv,
  buildcache: string,
  packages: readonly PackageName[],
): void {
  const file = fileOf(environment, buildcache);
  if (file === undefined) return;
  const kept: KeptNames = {
    buildcache,
    packages: packages.map(({ name, version, hash }) => [name, version, hash]),
  };
  const text = JSON.stringify(kept);
  if (isTextOf(file, text)) return;
  const temporary = `${file}.${randomUUID()}.incoming`;
  // Only completion misses them.
  const isKept = succeeds(() => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, text, { flag: "wx", mode: 0o600 });
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

function isTextOf(file: string, text: string): boolean {
  try {
    return readFileSync(file, "utf8") === text;
  } catch {
    return false;
  }
}

function fileOf(environment: NodeJS.ProcessEnv, buildcache: string): string | undefined {
  const directory = cachePlace(environment);
  const key = createHash("sha256").update(buildcache).digest("hex");
  return directory && join(directory, `sha256-${key}.names`);
}
