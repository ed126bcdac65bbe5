// The directory for layers, and the leftovers of killed pushes.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withScratch } from "../../src/layers/scratch.js";

const DEAD = 2 ** 22 + 1;
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "scratch-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it("exists during the work, and is removed afterwards, also after a failure", async () => {
  const work = async (directory: string) => {
    expect(existsSync(directory)).toBe(true);
    writeFileSync(join(directory, "layer.tar.gz"), "");
    return directory;
  };
  expect(existsSync(await withScratch(home, work))).toBe(false);
  const failing = async (directory: string) => {
    throw new Error(await work(directory));
  };
  await expect(withScratch(home, failing)).rejects.toThrow(home);
  expect(readdirSync(home)).toEqual([]);
});

it("sweeps leftovers of dead pushes on this machine, and nothing else", async () => {
  const kept = [
    `spack-oci-layers-${hostname()}.${process.ppid}-abcdef`,
    `spack-oci-layers-elsewhere.${DEAD}-abcdef`,
    "precious",
  ];
  for (const name of [...kept, `spack-oci-layers-${hostname()}.${DEAD}-abcdef`])
    mkdirSync(join(home, name, "layer"), { recursive: true });
  await withScratch(home, async () => {});
  expect(readdirSync(home).sort()).toEqual([...kept].sort());
});

it("reports a missing parent directory", async () => {
  await expect(withScratch(join(home, "nowhere"), async () => {})).rejects.toMatchObject({ code: "ENOENT" });
});
