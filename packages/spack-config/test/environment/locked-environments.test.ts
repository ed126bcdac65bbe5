// Environments are known by their lock files, wherever they are.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readFixture } from "../../../../tests/support/spack-fixtures.js";
import { openSpackInstance } from "../../src/instance/open-spack-instance.js";
import type { SpackInstance } from "../../src/instance/spack-instance.js";

const home = realpathSync(mkdtempSync(join(tmpdir(), "spack-oci-environments-")));
const managed = join(home, "environments");
const lock = JSON.parse(readFixture("spack-1.2/producer/spack.lock")) as {
  roots: { spec: string; hash: string }[];
  concrete_specs: object;
};
let instance: SpackInstance;

function addEnvironment(directory: string, roots?: readonly string[]): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "spack.yaml"), "spack: { specs: [] }\n");
  if (roots === undefined) return;
  const chosen = lock.roots.filter(({ spec }) => roots.some((root) => spec.startsWith(root)));
  writeFileSync(join(directory, "spack.lock"), JSON.stringify({ ...lock, roots: chosen }));
}

beforeAll(() => {
  const spack = join(home, "spack");
  mkdirSync(join(spack, "lib/spack/spack"), { recursive: true });
  mkdirSync(join(spack, "bin"));
  writeFileSync(join(spack, "bin/spack"), "");
  writeFileSync(join(spack, "lib/spack/spack/__init__.py"), '__version__ = "1.2.0"\n');
  addEnvironment(join(managed, "one"), ["tricky-names", "data-lite"]);
  addEnvironment(join(managed, "group", "two"), ["mochi-suite"]);
  addEnvironment(join(managed, "new"));
  addEnvironment(join(managed, ".hidden"), ["mochi-suite"]);
  addEnvironment(join(home, "elsewhere"), ["argobots-lite@1.2"]);
  symlinkSync(join(home, "elsewhere"), join(managed, "linked"));
  symlinkSync(managed, join(managed, "ring"));
  instance = openSpackInstance({
    spackRoot: spack,
    commandLine: [`config:environments_root:${managed}`],
    env: { SPACK_DISABLE_LOCAL_CONFIG: "1" },
    home,
    cwd: home,
    host: { platform: "linux", os: "debian12", target: { name: "x86_64", family: "x86_64" } } as never,
  });
});
afterAll(() => rmSync(home, { recursive: true }));

const hashOf = (start: string) => lock.roots.find(({ spec }) => spec.startsWith(start))?.hash ?? "";

it("finds managed environments, also in groups and behind links, but no hidden ones", () => {
  const found = instance.managedEnvironments.map(({ name }) => name);
  expect(found).toEqual(["group/two", "linked", "new", "one"]);
});

it("knows the roots and everything they depend on", () => {
  const one = instance.lockedEnvironment("one");
  expect([...one.roots].sort()).toEqual([hashOf("tricky-names"), hashOf("data-lite")].sort());
  expect(one.hashes).toEqual(one.roots);
  const two = instance.lockedEnvironment("group/two");
  expect(two.roots).toEqual(new Set([hashOf("mochi-suite")]));
  expect(two.hashes.size).toBeGreaterThan(10);
  expect(two.hashes).toContain(hashOf("mochi-suite"));
});

it("takes directories, and environments that were not concretized", () => {
  const directory = join(home, "elsewhere");
  expect(instance.lockedEnvironment(directory)).toMatchObject({ name: directory, directory });
  expect(instance.lockedEnvironment("new")).toMatchObject({ roots: new Set(), hashes: new Set() });
});

it("rejects an environment that does not exist", () => {
  expect(() => instance.lockedEnvironment("nowhere")).toThrow(
    expect.objectContaining({ code: "ERR_ENVIRONMENT_NOT_FOUND", kind: "not-found" }),
  );
});
