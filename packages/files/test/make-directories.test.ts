// Directories are created with their parents, and failures are errors.

import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeDirectories } from "../src/make-directories.js";

const scratch = mkdtempSync(join(tmpdir(), "make-directories-"));
afterAll(() => rmSync(scratch, { recursive: true }));

test("creates missing parents, also concurrently", async () => {
  const path = join(scratch, "a", "b", "c");
  await Promise.all([makeDirectories(path), makeDirectories(join(path, "d")), makeDirectories(path)]);
  await makeDirectories(path);
  expect(statSync(join(path, "d")).isDirectory()).toBe(true);
});

test("accepts a link to a directory", async () => {
  symlinkSync(scratch, join(scratch, "link"));
  await makeDirectories(join(scratch, "link", "below"));
  await makeDirectories(join(scratch, "link"));
  expect(existsSync(join(scratch, "below"))).toBe(true);
});

test("fails if a file is in the way", async () => {
  const file = join(scratch, "file");
  writeFileSync(file, "");
  await expect(makeDirectories(file)).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeDirectories(join(file, "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
});

// Node's own mkdir would not return.
test.skipIf(!existsSync("/proc/self"))("fails on a file system that creates no directories", async () => {
  await expect(makeDirectories("/proc/nowhere/at/all")).rejects.toMatchObject({ code: "ENOENT" });
});
