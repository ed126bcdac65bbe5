// Commands that take no mirror, as in Spack: they use those of the configuration.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { startMirror, type TestMirror } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";

/** All packages of the sample store. */
let all: TestMirror;
let home: string;

beforeEach(async () => {
  all = await startMirror();
  home = scratchDirectory("configured-mirrors");
  // A second repository with one of them, and what it needs.
  const libs = all.registry.location("libs");
  expect((await run("copy", all.mirror, libs, "json-c-lite")).status).toBe(0);
  expect((await run("mirror", "add", "all", all.mirror)).status).toBe(0);
  // As in Spack, the mirror that is added last comes first.
  expect((await run("mirror", "add", "libs", libs)).status).toBe(0);
});
afterEach(() => all.registry.close());

function run(...args: readonly string[]) {
  return spackOci(args, { environment: { HOME: home, SPACK_OCI_CACHE: "off" } });
}

describe("install", () => {
  const pulled = async (...specs: readonly string[]) => {
    const answer = await run("install", ...specs, "--root", join(home, "opt"), "--json");
    expect(answer).toMatchObject({ status: 0 });
    const { pulled: packages } = answer.json<{ pulled: { name: string; prefix: string }[] }>();
    for (const { prefix } of packages) expect(existsSync(prefix)).toBe(true);
    return packages.map(({ name }) => name);
  };

  it("takes everything from the first mirror that has it all", async () => {
    all.registry.requests.length = 0;
    expect(await pulled("json-c-lite")).toEqual(["gcc-runtime", "json-c-lite"]);
    expect(all.registry.requests.filter(({ path }) => !/^\/v2\/(?:libs\/.*)?$/.test(path))).toEqual([]);
    expect(await pulled("data-lite", "json-c-lite")).toEqual(["data-lite"]);
  });

  it("names a package that no mirror has, and needs one", async () => {
    const missing = await run("install", "nonsense", "--root", join(home, "opt"));
    expect(missing).toMatchObject({ status: 3, stderr: expect.stringContaining("nonsense is not in") });
    const nothing = await run("install", "--root", join(home, "opt"));
    expect(nothing).toMatchObject({ status: 2, stderr: expect.stringContaining("No package is named") });
  });
});

describe("buildcache list", () => {
  it("lists all mirrors together, each package once", async () => {
    const listed = await run("buildcache", "list", "--allarch", "--json");
    expect(listed.json<unknown[]>()).toHaveLength(20);
    expect((await run("buildcache", "list", "-a", "json-c-lite")).stdout).toContain("json-c-lite@0.18");
    expect(await run("buildcache", "list", "-a", "nonsense")).toMatchObject({ status: 0, stdout: "" });
  });

  it("lists packages for this machine only, unless --allarch", async () => {
    // The sample store is for x86_64_v3, and the machine of the tests is newer.
    expect(await run("buildcache", "list")).toMatchObject({ status: 0, stdout: "" });
  });

  it("leaves out mirrors of other kinds, and says so", async () => {
    expect((await run("mirror", "add", "files", "https://example.invalid/cache")).status).toBe(0);
    const { status, stderr, stdout } = await run("buildcache", "list", "-a");
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("json-c-lite") });
    expect(stderr).toContain("left out: files");
  });
});

it("suggests the mirror that was meant", async () => {
  expect((await run("list", "lib")).stderr).toContain("Did you mean libs?");
});
