// Roots for install trees that Spack can relocate the sample store to.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll } from "vitest";

/**
 * A root that does not exist yet and is not longer than the sample store's: Spack finds no room for a longer path of
 * sbang in one of its programs. Removed after the test file.
 */
export function shortRoot(): string {
  const directory = mkdtempSync("/tmp/i");
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "o");
}
