// Leftovers are recognized by the host and process ID in their names.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { abandonedIn } from "../../src/store/abandoned.js";
import { temporaryDirectory } from "../support/temporary.js";

const PATTERN = /^work\.(.+)\.(\d+)$/;

it("finds entries of dead processes on this host only", async () => {
  const directory = temporaryDirectory();
  const dead = String(spawnSync(process.execPath, ["--version"]).pid);
  const names = [
    `work.${hostname()}.${dead}`,
    `work.${hostname()}.${process.pid}`,
    `work.elsewhere.${dead}`,
    "work",
    `other.${hostname()}.${dead}`,
  ];
  for (const name of names) writeFileSync(join(directory, name), "");
  expect(await abandonedIn(directory, PATTERN)).toEqual([join(directory, `work.${hostname()}.${dead}`)]);
});

it("finds nothing without a directory", async () => {
  const file = join(temporaryDirectory(), "file");
  writeFileSync(file, "");
  expect(await abandonedIn(file, PATTERN)).toEqual([]);
  expect(await abandonedIn(`${file}-missing`, PATTERN)).toEqual([]);
});
