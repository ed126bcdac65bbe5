// npm run bench measures the current sources, and leaves nothing behind in the working directory.

import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../support/scratch.js";

const script = fileURLToPath(new URL("../../../scripts/bench.mjs", import.meta.url));
const bundle = fileURLToPath(new URL("../../../bundle/spack-oci.cjs", import.meta.url));

it("bundles the command first, with any options", () => {
  const directory = scratchDirectory("bench");
  const began = Date.now();
  const args = [script, "--quick", "--only", "start"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8" });
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toContain("spack-oci --version");
  // File systems count time in ticks of some milliseconds.
  expect(statSync(bundle).mtimeMs).toBeGreaterThan(began - 1000);
  expect(readdirSync(directory)).toEqual([]);
});
