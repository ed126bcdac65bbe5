// Whether a file system ignores case is found out, and nothing is left behind.

import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { ignoresCase } from "../../src/merge/ignores-case.js";

it.runIf(process.platform === "linux")("sees that names differ by case", async () => {
  const directory = scratchDirectory("case");
  expect(await ignoresCase(directory)).toBe(false);
  expect(readdirSync(directory)).toEqual([]);
});
