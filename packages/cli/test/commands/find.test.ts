// Options and results of spack-oci find.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { spackOci } from "../../../../tests/support/command-line.js";
import { fixture } from "../../../../tests/support/fixtures.js";

let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "spack-oci-find-"));
  const layout = `oci-layout:${fixture("oci-layout-main")}`;
  const { status, stderr } = await spackOci(["pull", layout, "json-c-lite", "--root", root]);
  expect(status, stderr).toBe(0);
});
afterAll(() => rmSync(root, { recursive: true }));

const find = (...args: string[]) => spackOci(["find", "--root", root, ...args]);

it("lists what was pulled, and tells what was asked for from what came with it", async () => {
  expect((await find("--format", "{name}")).stdout).toBe("gcc\ngcc-runtime\nglibc\njson-c-lite\n");
  expect((await find("-x", "--format", "{name}")).stdout).toBe("json-c-lite\n");
  expect((await find("-X", "--external", "--format", "{name}")).stdout).toBe("gcc\nglibc\n");
});

it("shows prefixes and hashes", async () => {
  const { stdout } = await find("-Lp", "json-c-lite");
  expect(stdout).toContain(`exoqmbsmof5qncjfcc3uyoqikrb3rrpd json-c-lite@0.18  ${root}/`);
  expect((await find("-H", "json-c-lite")).stdout).toBe("/exoqmbsmof5qncjfcc3uyoqikrb3rrpd\n");
});

it("is not found if no package matches", async () => {
  const { status, stderr } = await find("nothing");
  expect({ status, stderr }).toMatchObject({ status: 3, stderr: expect.stringContaining("nothing") });
});

it("chooses by what a shell has loaded, by dates and by store", async () => {
  const [hash = ""] = (await find("--format", "{hash}", "json-c-lite")).stdout.split("\n");
  const environment = { SPACK_LOADED_HASHES: `other:${hash}` };
  const names = ["--format", "{name}"];
  const loaded = await spackOci(["find", "--root", root, "--loaded", ...names], { environment });
  expect(loaded.stdout).toBe("json-c-lite\n");
  expect((await find("--loaded", ...names)).stdout).toBe("");
  expect((await find("--start-date", "yesterday", ...names)).stdout).toContain("json-c-lite");
  expect((await find("--end-date", "2020", ...names)).stdout).toBe("");
  for (const tree of ["all", "local", root])
    expect((await find("--install-tree", tree, ...names)).stdout, tree).toContain("json-c-lite");
  expect((await find("--install-tree", "upstream", ...names)).stdout).toBe("");
});

it.each([
  [["--start-date", "someday"], /--start-date: someday is not a date/],
  [["--install-tree", "/nowhere"], /nowhere is not a store/],
])("rejects %s", async (args, message) => {
  const { status, stderr } = await find(...args);
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});

it.each([
  ["-x", "-X"],
  ["-M", "-m"],
  ["--only-deprecated", "--deprecated"],
])("rejects %s with %s", async (one, other) => {
  const { status, stderr } = await find(one, other);
  expect(status).toBe(2);
  expect(stderr).toContain("contradict each other");
});
