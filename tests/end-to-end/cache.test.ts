// Indexes and configs are cached between runs, where the user wants, and Spack's own cache is read.

import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { buildCommand, startCommand } from "../support/command-process.js";
import { manifestIn, startMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { spackPlace } from "../support/spack-instance.js";

const scratch = scratchDirectory("cache");
let places = 0;
let home: string;
let mirror: TestMirror;
beforeAll(async () => {
  mirror = await startMirror();
});
afterAll(() => mirror.registry.close());
beforeEach(() => {
  places += 1;
  home = join(scratch, `home-${places}`);
  mkdirSync(home);
});

/** The number of blobs that a command fetches, apart from package layers. */
async function fetched(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  mirror.registry.requests.length = 0;
  expect(await spackOci(args, { environment })).toMatchObject({ status: 0 });
  return mirror.registry.count("GET", /\/blobs\//);
}

it.each([
  ["below the home directory", () => ({ HOME: home }), () => join(home, ".cache/spack-oci")],
  [
    "below XDG_CACHE_HOME",
    () => ({ HOME: home, XDG_CACHE_HOME: join(home, "xdg") }),
    () => join(home, "xdg/spack-oci"),
  ],
  [
    "at SPACK_OCI_CACHE",
    () => ({ HOME: home, SPACK_OCI_CACHE: join(home, "mine") }),
    () => join(home, "mine"),
  ],
])("the index is fetched once, and cached %s", async (_where, environment, directory) => {
  expect(await fetched(["list", mirror.mirror], environment())).toBe(1);
  expect(await fetched(["list", mirror.mirror], environment())).toBe(0);
  expect(readdirSync(directory()).sort((a, b) => a.length - b.length)).toEqual([
    expect.stringMatching(/^sha256-[0-9a-f]{64}$/),
    // For the completion of names.
    expect.stringMatching(/^sha256-[0-9a-f]{64}\.names$/),
  ]);
});

it.each([
  ["with SPACK_OCI_CACHE=off", () => ({ HOME: home, SPACK_OCI_CACHE: "off" })],
  ["without a home directory", () => ({ HOME: join(home, "absent") })],
  ["if the directory cannot be created", () => ({ HOME: home, SPACK_OCI_CACHE: "/dev/null/cache" })],
])("nothing is cached %s", async (_why, environment) => {
  expect(await fetched(["list", mirror.mirror], environment())).toBe(1);
  expect(await fetched(["list", mirror.mirror], environment())).toBe(1);
  expect(readdirSync(home)).toEqual([]);
});

it("a pull fetches the index and configs once", async () => {
  const pull = (root: string) => ["pull", mirror.mirror, "data-lite", "--root", join(home, root)];
  // Index, config and layer; then only the layer.
  expect(await fetched(pull("first"), { HOME: home })).toBe(3);
  expect(await fetched(pull("second"), { HOME: home })).toBe(1);
});

it("a config that Spack has fetched is not fetched again", async () => {
  const place = spackPlace();
  const digest = manifestIn(mirror.repository, tagIn(mirror.repository, "data-lite")).config.digest;
  const blobs = join(place.root, "var/spack/cache/blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  writeFileSync(join(blobs, digest.slice("sha256:".length)), mirror.repository.blobs.get(digest) ?? "");
  const show = ["show", mirror.mirror, "data-lite"];
  const alone = await fetched(show, { HOME: home, SPACK_OCI_CACHE: join(home, "own") });
  expect(await fetched(show, { ...place.variables, SPACK_OCI_CACHE: join(home, "cache") })).toBe(alone - 1);
});

it("cache shows the size of the cache, and clears it", async () => {
  const environment = { HOME: home };
  const directory = join(home, ".cache/spack-oci");
  const cache = async (...args: string[]) =>
    (await spackOci(["cache", "--json", ...args], { environment })).json<Record<string, unknown>>();
  expect(await cache()).toMatchObject({ directory, kept: { entries: 0, bytes: 0 } });
  await spackOci(["list", mirror.mirror], { environment });
  const sizes = readdirSync(directory).map((name) => statSync(join(directory, name)).size);
  const held = { entries: sizes.length, bytes: sizes.reduce((sum, size) => sum + size) };
  expect(held.bytes).toBeGreaterThan(20_000);
  expect(await cache()).toMatchObject({ directory, limit: 512 * 1024 * 1024, kept: held });
  expect(await spackOci(["cache"], { environment })).toMatchObject({
    stdout: expect.stringMatching(/ holds 2\d kB in 2 files \(limit: 537 MB\)\.\n$/),
  });
  expect(await cache("--clean")).toMatchObject({ directory, removed: held });
  expect(readdirSync(directory)).toEqual([]);
  const off = await spackOci(["cache"], { environment: { SPACK_OCI_CACHE: "off" } });
  expect(off).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^The cache is disabled by SPACK_OCI_CACHE/),
  });
});

it("serves processes that fill it at the same time", { timeout: 60_000 }, async () => {
  buildCommand();
  const environment = { HOME: home };
  const lists = Array.from({ length: 4 }, () => startCommand(["list", mirror.mirror], environment).ended);
  const ends = await Promise.all(lists);
  expect(new Set(ends.map(({ status, stdout }) => `${status} ${stdout}`)).size).toBe(1);
  expect(ends[0]).toMatchObject({ status: 0, stderr: "" });
  expect(existsSync(join(home, ".cache/spack-oci"))).toBe(true);
  expect(await fetched(["list", mirror.mirror], environment)).toBe(0);
});

it("a check also requests cached blobs from the registry", async () => {
  expect(await fetched(["update-index", mirror.mirror, "--rebuild"], { HOME: home })).toBeGreaterThan(0);
  expect(await fetched(["update-index", mirror.mirror, "--rebuild"], { HOME: home })).toBe(0);
  // The configs of all packages, and the index.
  expect(await fetched(["check", mirror.mirror], { HOME: home })).toBe(21);
});
