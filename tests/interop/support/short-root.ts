// Roots of install trees to which Spack can relocate the sample store.

import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll } from "vitest";

const directories: string[] = [];

// Registered here, because a hook that is registered within another hook or a test never runs.
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/**
 * A root that does not exist yet, nor does its parent, and that is not longer than the sample store's: one of its
 * programs has no space for a longer path of sbang. Removed after the test file.
 */
export function shortRoot(): string {
  return join(newDirectory(), "o");
}

/**
 * A root that is as long as the sample store's, `/tmp/spackA/opt`. Padded to the same length, both end alike, without
 * which Spack does not replace strings that consist of nothing but the root (relocate_text.py, `CannotShrinkCString`).
 */
export function rootForEqualPadding(): string {
  return join(newDirectory(), "op");
}

function newDirectory(): string {
  const directory = `/tmp/i${randomBytes(3).toString("hex")}`;
  directories.push(directory);
  return directory;
}
