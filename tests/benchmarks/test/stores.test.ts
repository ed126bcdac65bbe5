// Stores are generated as requested, and the same seed gives the same store.

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isVerifiedRoot } from "@spack-oci/spack-spec";
import { openStore } from "@spack-oci/spack-store";
import { expect, it } from "vitest";
import { listFiles } from "../../support/list-files.js";
import { scratchDirectory } from "../../support/scratch.js";
import { findPrefix, prefixNames } from "../../support/store-tree.js";
import { writeManyFiles } from "../stores/many-files.js";
import { writeRealFiles } from "../stores/real-files.js";
import { copySample } from "../stores/sample-copies.js";

const PREFIX = "/the/prefix/of/a/package";
const ELF = Buffer.from("ELF");

/** Digests of files by their paths. */
function contents(write: (directory: string) => void): Record<string, string> {
  const directory = scratchDirectory("generated");
  write(directory);
  return Object.fromEntries(
    listFiles(directory).map((name) => {
      const bytes = readFileSync(join(directory, name));
      return [name, createHash("sha256").update(bytes).digest("hex")];
    }),
  );
}

it("writes as many files as requested, some with the prefix", () => {
  const directory = scratchDirectory("many-files");
  writeManyFiles(directory, PREFIX, 250, 1);
  const files = listFiles(directory);
  expect(files).toHaveLength(250);
  const naming = files.filter((name) => readFileSync(join(directory, name)).includes(PREFIX));
  expect(naming.length).toBeGreaterThan(2);
  expect(naming.length).toBeLessThan(50);
  const again = (seed: number) => contents((place) => writeManyFiles(place, PREFIX, 250, seed));
  expect(again(1)).toEqual(contents((place) => writeManyFiles(place, PREFIX, 250, 1)));
  expect(again(2)).not.toEqual(again(1));
});

it("writes real files of the requested size, with the prefix in every binary", () => {
  const directory = scratchDirectory("real-files");
  writeRealFiles(directory, PREFIX, 3, 1);
  const paths = listFiles(directory).map((name) => join(directory, name));
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  expect(bytes).toBeGreaterThan(2.5e6);
  expect(bytes).toBeLessThan(3.1e6);
  const binaries = paths.map((path) => readFileSync(path)).filter((file) => file.subarray(1, 4).equals(ELF));
  expect(binaries.length).toBeGreaterThan(0);
  expect(binaries.length).toBeLessThan(paths.length);
  for (const binary of binaries) expect(binary.includes(`\0${PREFIX}/lib\0`)).toBe(true);
});

it("copies the sample to separate packages, in the database and on disk", async () => {
  const { root, packages, roots, specFiles } = await copySample(40, 1);
  const store = await openStore(root);
  const names = prefixNames(store.root);
  expect([packages, names.length]).toEqual([40, 40]);
  for (const spec of roots) expect(names.some((name) => name.endsWith(`-${spec.slice(1)}`))).toBe(true);
  expect(new Set(roots).size).toBe(20);
  for (const [index, file] of specFiles.entries()) {
    expect(isVerifiedRoot(readFileSync(file, "utf8"), roots[index]?.slice(1) ?? "")).toBe(true);
  }
  const [original = "", copied = ""] = names.filter((name) => name.startsWith("mochi-suite-"));
  const [one, other] = [original, copied].map((name) => listFiles(findPrefix(store.root, name)));
  expect(one).toEqual(other);
});
