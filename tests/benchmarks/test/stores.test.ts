// Stores are generated as requested, and the same seed gives the same store.

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isVerifiedRoot } from "@spack-oci/spack-spec";
import { openStore } from "@spack-oci/spack-store";
import { expect, it } from "vitest";
import { MemoryFile } from "../../../packages/files/src/memory-file.js";
import { parseMachO } from "../../../packages/spack-tarball/src/macho/macho-file.js";
import { readSignature } from "../../../packages/spack-tarball/src/macho/sign/old-signature.js";
import { signaturesIn } from "../../../packages/spack-tarball/test/support/macho-signatures.js";
import { listFiles } from "../../support/list-files.js";
import { scratchDirectory } from "../../support/scratch.js";
import { findPrefix, prefixNames } from "../../support/store-tree.js";
import { writeManyFiles } from "../stores/many-files.js";
import { writeRealFiles } from "../stores/real-files.js";
import { type BinaryFormat, sameBinaries } from "../stores/same-binaries.js";
import { copySample } from "../stores/sample-copies.js";

const PREFIX = "/the/prefix/of/a/package";
const ELF = Buffer.from("ELF");

type Files = Readonly<Record<string, Buffer>>;

function filesOf(format: BinaryFormat): Files {
  return sameBinaries(format, 3, 1).files;
}

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

it("makes ELF and Mach-O files of the same sizes and code, with the prefix in each", () => {
  const [elf, linked, old] = [filesOf("elf"), filesOf("mach-o"), filesOf("mach-o-old")];
  const sizes = (files: Files) => Object.entries(files).map(([name, { length }]) => [name, length]);
  expect(sizes(linked)).toEqual(sizes(elf));
  expect(sizes(old)).toEqual(sizes(elf));
  expect(Object.keys(elf).length).toBeGreaterThan(2);
  expect(Buffer.concat(Object.values(elf)).length).toBeGreaterThan(2.5e6);
  for (const [name, bytes] of Object.entries(elf)) {
    expect(bytes.subarray(1, 4)).toEqual(ELF);
    const code = bytes.subarray(0, bytes.lastIndexOf("\0/opt/"));
    expect(bytes.subarray(code.length).toString()).toMatch(
      /^\0\/opt\/.*\/linux-zen\/binaries-1-\w{32}\/lib\0+$/,
    );
    for (const image of [linked[name], old[name]]) {
      expect(image?.includes(code)).toBe(true);
      expect(image?.toString("latin1")).toMatch(/\0\/opt\/.*\/darwin-m1\/binaries-1-\w{32}\/lib\0/);
    }
  }
  for (const image of Object.values(linked)) {
    const file = new MemoryFile(image);
    const paths = parseMachO(file)?.flatMap(({ commands }) => commands.filter(({ path }) => path));
    expect(paths).toHaveLength(3);
    expect(signaturesIn(file)).toMatchObject([{ wrongPages: [] }]);
  }
  for (const image of Object.values(old)) {
    const signatures = parseMachO(new MemoryFile(image))?.map(readSignature);
    expect(signatures).toMatchObject([{ size: expect.any(Number), pages: undefined }]);
  }
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
