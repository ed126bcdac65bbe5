// Temporary directories that are removed after the test.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];

/** A new empty directory, removed after the test file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "spack-tarball-"));
  made.push(directory);
  return directory;
}

/** A path in a new directory that does not exist yet. */
export function freshPath(name = "tree"): string {
  return join(temporaryDirectory(), name);
}

afterAll(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});
