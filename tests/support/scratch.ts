// Temporary directories for one test file, removed after it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];

// Registered here, because a hook that is registered within another hook or a test never runs.
afterAll(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A new, empty directory. */
export function scratchDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `spack-oci-${name}-`));
  made.push(directory);
  return directory;
}
