// Finds instances by option, by variable and on PATH, following symbolic links.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { findSpackRoot, readSpackVersion } from "../../src/instance/find-spack.js";

const work = mkdtempSync(join(tmpdir(), "spack-oci-find-"));
afterAll(() => rmSync(work, { recursive: true }));
const [one, two] = [makeInstance("one", "1.2.0.dev0"), makeInstance("two", "0.23.1")];
mkdirSync(join(work, "bin"));
symlinkSync(join(two, "bin/spack"), join(work, "bin/spack"));
const env = { SPACK_ROOT: one, PATH: `/nonexistent:${join(work, "bin")}` };

it("prefers the named root, then SPACK_ROOT, then the spack on PATH", () => {
  expect(findSpackRoot({ spackRoot: "two", env, cwd: work })).toBe(two);
  expect(findSpackRoot({ env, cwd: work })).toBe(one);
  expect(findSpackRoot({ env: { PATH: env.PATH }, cwd: work })).toBe(two);
});

it("reads the version", () => {
  expect(readSpackVersion(one)).toBe("1.2.0.dev0");
  expect(readSpackVersion(two)).toBe("0.23.1");
});

it("reports that there is none", () => {
  const notFound = expect.objectContaining({ code: "ERR_SPACK_NOT_FOUND", kind: "not-found" });
  expect(() => findSpackRoot({ env: { PATH: "/nonexistent" }, cwd: work })).toThrow(notFound);
  expect(() => findSpackRoot({ spackRoot: join(work, "bin"), env, cwd: work })).toThrow(notFound);
});

it("reports an unknown version", () => {
  const root = makeInstance("old", "");
  writeFileSync(join(root, "lib/spack/spack/__init__.py"), "nothing = 1\n");
  expect(() => readSpackVersion(root)).toThrow(expect.objectContaining({ code: "ERR_SPACK_VERSION" }));
});

function makeInstance(name: string, version: string): string {
  const root = join(work, name);
  for (const directory of ["bin", "lib/spack/spack"]) mkdirSync(join(root, directory), { recursive: true });
  writeFileSync(join(root, "bin/spack"), "");
  writeFileSync(join(root, "lib/spack/spack/__init__.py"), `#: version\n__version__ = "${version}"\n`);
  return root;
}
