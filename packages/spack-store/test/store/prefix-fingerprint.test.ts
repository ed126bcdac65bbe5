// The fingerprint of a prefix changes with every write below it, and not with its name.

import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { fingerprintPrefix } from "../../src/store/prefix-fingerprint.js";
import { temporaryDirectory } from "../support/temporary.js";

let prefix: string;

beforeEach(() => {
  prefix = join(temporaryDirectory(), "prefix");
  mkdirSync(join(prefix, "bin"), { recursive: true });
  writeFileSync(join(prefix, "bin/tool"), "tool");
  symlinkSync("tool", join(prefix, "bin/link"));
});

it("does not change with reading or with the name of the prefix", async () => {
  const before = await fingerprintPrefix(prefix);
  readFileSync(join(prefix, "bin/tool"));
  const renamed = `${prefix}-renamed`;
  renameSync(prefix, renamed);
  expect(await fingerprintPrefix(renamed)).toBe(before);
});

it.each<[string, () => void]>([
  ["a write that preserves size and mtime", () => rewrite("loot")],
  ["a new mode", () => chmodSync(join(prefix, "bin/tool"), 0o700)],
  ["a new mode of a directory", () => chmodSync(join(prefix, "bin"), 0o700)],
  ["a new entry", () => writeFileSync(join(prefix, "bin/other"), "")],
  ["a new target of a link", () => relink("other")],
  ["a new name", () => renameSync(join(prefix, "bin/tool"), join(prefix, "bin/renamed"))],
])("changes with %s", async (_what, change) => {
  const before = await fingerprintPrefix(prefix);
  change();
  expect(await fingerprintPrefix(prefix)).not.toBe(before);
});

function rewrite(content: string): void {
  const path = join(prefix, "bin/tool");
  writeFileSync(path, content);
  utimesSync(path, 1, 1);
}

function relink(target: string): void {
  unlinkSync(join(prefix, "bin/link"));
  symlinkSync(target, join(prefix, "bin/link"));
}
