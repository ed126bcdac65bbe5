// Directories are made with those above them, and what cannot be made ends with an error.
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeDirectories } from "../src/make-directories.js";

const scratch = mkdtempSync(join(tmpdir(), "make-directories-"));
afterAll(() => rmSync(scratch, { recursive: true }));

test("all directories on the way are made, once or at once", async () => {
  const path = join(scratch, "a", "b", "c");
  await Promise.all([makeDirectories(path), makeDirectories(join(path, "d")), makeDirectories(path)]);
  await makeDirectories(path);
  expect(statSync(join(path, "d")).isDirectory()).toBe(true);
});

test("a link to a directory is one", async () => {
  symlinkSync(scratch, join(scratch, "link"));
  await makeDirectories(join(scratch, "link", "below"));
  await makeDirectories(join(scratch, "link"));
  expect(existsSync(join(scratch, "below"))).toBe(true);
});

test("a file in the way is an error", async () => {
  const file = join(scratch, "file");
  writeFileSync(file, "");
  await expect(makeDirectories(file)).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeDirectories(join(file, "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
});

// Node's own would not come back.
test.skipIf(!existsSync("/proc/self"))("a file system without new directories is an error", async () => {
  await expect(makeDirectories("/proc/nowhere/at/all")).rejects.toMatchObject({ code: "ENOENT" });
});
