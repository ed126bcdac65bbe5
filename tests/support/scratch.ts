// Directories for one test file, removed after it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A new, empty directory. */
export function scratchDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `spack-oci-${name}-`));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
