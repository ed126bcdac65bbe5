// Unfinished uploads are remembered in memory, and in files for the next process.

import { readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { resumableUploads } from "../../src/user-dirs/resumable-uploads.js";

const url = "https://registry.example/uploads/1?state=x";

test("without a directory, only this process remembers", () => {
  const uploads = resumableUploads();
  uploads.keep("a", url);
  expect([uploads.find("a"), uploads.find("b")]).toEqual([url, undefined]);
  uploads.forget("a");
  expect(uploads.find("a")).toBeUndefined();
  expect(resumableUploads().find("a")).toBeUndefined();
});

test("with a directory, the next process finds the upload, and only its owner can read it", () => {
  const directory = join(scratchDirectory("uploads"), "new");
  resumableUploads(directory).keep("a", url);
  expect(resumableUploads(directory).find("a")).toBe(url);
  const [name = ""] = readdirSync(directory);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  resumableUploads(directory).forget("a");
  expect(readdirSync(directory)).toEqual([]);
});

test("files older than a week are removed", () => {
  const directory = scratchDirectory("uploads");
  const old = join(directory, "old.json");
  writeFileSync(old, "{}");
  const eightDaysAgo = Date.now() / 1000 - 8 * 24 * 3600;
  utimesSync(old, eightDaysAgo, eightDaysAgo);
  resumableUploads(directory).keep("a", url);
  expect(readdirSync(directory)).not.toContain("old.json");
});

test("a damaged file and a directory that cannot be written are not errors", () => {
  const directory = scratchDirectory("uploads");
  resumableUploads(directory).keep("a", url);
  writeFileSync(join(directory, readdirSync(directory)[0] ?? ""), "{ not json");
  expect(resumableUploads(directory).find("a")).toBeUndefined();
  const file = join(directory, "file");
  writeFileSync(file, "");
  const uploads = resumableUploads(join(file, "below"));
  uploads.keep("a", url);
  expect(uploads.find("a")).toBe(url);
});
