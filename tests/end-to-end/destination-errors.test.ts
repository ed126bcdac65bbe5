// Obstacles in the destination of a pull: it reports them, and leaves existing files alone.

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { mountInMemory } from "../support/small-disk.js";
import { describeStore, leftovers, prefixNames } from "../support/store-tree.js";

const layout = `oci-layout:${fixture("oci-layout-main")}`;
const scratch = scratchDirectory("destination");
const jsonC = "json-c-lite-0.18-exoqmbsmof5qncjfcc3uyoqikrb3rrpd";
let roots = 0;

function newRoot(): string {
  roots += 1;
  return `${scratch}/${roots}/opt`;
}

const pull = (root: string, ...args: string[]) =>
  spackOci(["pull", layout, "json-c-lite", "--root", root, ...args]);

interface ResultJson {
  readonly failed: readonly { name: string; error: { code: string } }[];
  readonly pulled: readonly { name: string }[];
}

describe("an occupied prefix", () => {
  const occupants: [string, (prefix: string) => void][] = [
    ["a directory", (prefix) => mkdirSync(join(prefix, "precious"), { recursive: true })],
    ["a file", (prefix) => writeFileSync(prefix, "precious")],
    ["a link to a directory", (prefix) => symlinkSync(scratch, prefix)],
    ["a link to nothing", (prefix) => symlinkSync("nowhere", prefix)],
  ];

  it.each(occupants)("(%s) is left alone, and the rest is installed", async (_what, occupy) => {
    const root = newRoot();
    const prefix = join(root, "linux-x86_64_v3", jsonC);
    mkdirSync(dirname(prefix), { recursive: true });
    occupy(prefix);
    const look = () => spawnSync("find", [prefix, "-printf", "%p %y %s %l\\n"], { encoding: "utf8" }).stdout;
    const before = look();
    const plain = await pull(root);
    expect(plain.status).toBe(1);
    expect(plain.stderr).toContain(`failed json-c-lite@0.18/exoqmbs: Something else is at ${prefix}.`);
    expect(plain.stderr).toContain('or replace it with "--force"');
    expect(look()).toBe(before);
    expect(leftovers(root)).toEqual([]);
    expect(prefixNames(root)).toContain("gcc-runtime-12.2.0-mysq6wt4gnlcxnyqdavvsy4ifiwu7zgx");
    const programs = (await pull(root, "--json")).json<ResultJson>();
    expect(programs.failed).toMatchObject([{ name: "json-c-lite", error: { code: "ERR_PREFIX_OCCUPIED" } }]);

    const forced = await pull(root, "--force", "--json");
    expect(forced.status).toBe(0);
    expect(describeStore(root).get(jsonC)?.entries["lib"]).toMatchObject({ type: "dir" });
    expect(leftovers(root)).toEqual([]);
  });

  it("with a damaged install of the same package is replaced by --force", async () => {
    const root = newRoot();
    await pull(root);
    const good = describeStore(root);
    writeFileSync(join(root, "linux-x86_64_v3", jsonC, ".spack", "spec.json"), "{");
    expect(await pull(root)).toMatchObject({ status: 1 });
    expect(await pull(root, "--force")).toMatchObject({ status: 0 });
    expect(describeStore(root)).toEqual(good);
  });
});

describe("a projection that gives two packages the same prefix", () => {
  const libfabrics = ["/rqfigxh", "/y3ylaj5"];
  const pullInto = (root: string, ...args: string[]) => spackOci(["pull", layout, "--root", root, ...args]);

  it.each([[[]], [["--force"]]])("leaves an existing package alone (%s)", async (flags) => {
    const root = newRoot();
    const byName = ["--projection", "all={name}"];
    expect(await pullInto(root, "/rqfigxh", ...byName)).toMatchObject({ status: 0 });
    const before = describeStore(root);
    const second = await pullInto(root, "/y3ylaj5", ...byName, ...flags);
    expect(second).toMatchObject({ status: 1, stdout: "" });
    expect(second.stderr).toContain("libfabric-lite@1.21.1/y3ylaj5 and libfabric-lite@1.22.0/rqfigxh");
    expect(second.stderr).toContain("Use projections with {hash} in them");
    expect(describeStore(root)).toEqual(before);
  });

  it("is reported before anything is written if both are pulled at once", async () => {
    const root = newRoot();
    const run = await pullInto(root, ...libfabrics, "--projection", "all={name}", "--json");
    expect(run.status).toBe(1);
    expect(run.json()).toMatchObject({
      error: { code: "ERR_PREFIX_SHARED", place: join(root, "libfabric-lite") },
    });
    expect(existsSync(root)).toBe(false);
  });

  it("or a prefix outside of the root, is rejected", async () => {
    const root = newRoot();
    const run = await pullInto(root, "json-c-lite", "--projection", "all=../../{name}-{hash}");
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expect(run.stderr).toContain(`outside of ${root}`);
    expect(existsSync(dirname(root))).toBe(false);
  });
});

describe("a destination that cannot be written", () => {
  it("because a file is in the way", async () => {
    writeFileSync(`${scratch}/file`, "");
    for (const root of [`${scratch}/file/opt`, `${scratch}/file`]) {
      const run = await pull(root);
      expect(run.status).toBe(1);
      expect(run.stderr).toContain(`${scratch}/file`);
      expect(run.stderr).toContain("Part of the path is a file. Choose another directory.");
    }
  });

  it.skipIf(!existsSync("/proc/self"))("because its file system cannot create directories", async () => {
    const run = await pull("/proc/nowhere/opt");
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/Cannot mkdir \/proc\/nowhere: .*ENOENT/);
  });

  it("because it is read-only", async (context) => {
    const root = newRoot();
    mkdirSync(root, { recursive: true });
    if (process.getuid?.() === 0) {
      // Root can write anywhere else.
      if (!mountInMemory(root, "ro"))
        return context.skip("no file system can be mounted here, and root may write anywhere");
    } else {
      chmodSync(root, 0o555);
      onTestFinished(() => chmodSync(root, 0o755));
    }
    const run = await pull(root);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/read-only|Check the owner and the permissions of the directory/);
    expect(run.stderr).toContain(root);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe("an unusable database", () => {
  const version9 = JSON.stringify({ database: { version: "9", installs: {} } });
  const whole = readFileSync(fixture("expected-B.spack-db-index.json"), "utf8");

  it.each([
    [
      "of a newer version",
      version9,
      1,
      "ERR_DATABASE_VERSION",
      /version 9 is not supported[\s\S]*newer Spack/,
    ],
    ["cut off", whole.slice(0, 5000), 5, "ERR_DATABASE_CORRUPT", /The index is broken[\s\S]*spack reindex/],
    ["empty", "", 5, "ERR_DATABASE_CORRUPT", /The index is broken[\s\S]*spack reindex/],
  ])("%s: is left as it is, and nothing is installed", async (_what, text, status, code, says) => {
    const root = newRoot();
    const path = join(root, ".spack-db", "index.json");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const plain = await pull(root);
    expect(plain).toMatchObject({ status, stdout: "" });
    expect(plain.stderr).toMatch(says);
    expect(plain.stderr).toContain(path);
    const programs = await pull(root, "--json");
    expect(programs.json()).toMatchObject({ error: { code, place: path } });
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(readdirSync(root)).toEqual([".spack-db"]);

    const pushed = await spackOci(["push", `oci-layout:${scratch}/never`, "--store", root]);
    expect(pushed).toMatchObject({ status, stdout: "" });
    expect(existsSync(`${scratch}/never`)).toBe(false);
  });
});
