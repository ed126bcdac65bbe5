// An active environment: what it narrows says so, and lists and copies of a mirror mean the mirror.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { fixture, readJson } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { spackPlace } from "../support/spack-instance.js";

const layout = `oci-layout:${fixture("oci-layout-main")}`;
const place = spackPlace();
const scratch = scratchDirectory("environment-scope");
let copies = 0;

/** An environment whose only root is libfabric-lite, which runs with gcc-runtime alone. */
const small = environment("small", { locked: true });
/** The same without a lock file. */
const unlocked = environment("unlocked", { locked: false });

interface Lockfile {
  roots: { spec: string }[];
}

function environment(name: string, { locked }: { readonly locked: boolean }): string {
  const directory = join(scratch, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "spack.yaml"), "spack:\n  specs: [libfabric-lite]\n");
  if (!locked) return directory;
  const lockfile = JSON.parse(readFileSync(fixture("producer/spack.lock"), "utf8")) as Lockfile;
  lockfile.roots = lockfile.roots.filter(({ spec }) => spec.startsWith("libfabric-lite"));
  writeFileSync(join(directory, "spack.lock"), JSON.stringify(lockfile));
  return directory;
}

function inside(directory: string, ...args: string[]) {
  return spackOci(["-e", directory, ...args], { environment: place.variables });
}

function lastLine({ stdout }: { readonly stdout: string }): string | undefined {
  return stdout.trimEnd().split("\n").at(-1);
}

describe.each([
  ["with", small],
  ["without", unlocked],
])("an environment %s a lock file", (_how, directory) => {
  it("does not narrow a list", async () => {
    const all = await spackOci(["list", layout]);
    expect(await inside(directory, "list", layout)).toMatchObject({ status: 0, stdout: all.stdout });
    expect((await inside(directory, "list", layout, "margo-lite")).stdout).toContain("margo-lite");
  });

  it("does not narrow a copy", async () => {
    copies += 1;
    const run = await inside(directory, "copy", layout, `oci-layout:${scratch}/copy-${copies}`);
    expect(run).toMatchObject({ status: 0, stdout: expect.stringContaining("Copied 21 of 21 tags") });
  });
});

it("narrows lists and copies on request, and says so", async () => {
  const listed = await inside(small, "list", layout, "--env-only");
  expect(lastLine(listed)).toMatch(
    /^\d+ of 20 packages: only those of environment .*small; omit --env-only for all\.$/,
  );
  expect(listed.stdout).toContain("libfabric-lite@");
  expect(listed.stdout).not.toContain("margo-lite@");
  const json = await inside(small, "list", layout, "--env-only", "--json");
  expect(json.json<readonly unknown[]>().length).toBeLessThan(20);
  const copied = await inside(small, "copy", layout, `oci-layout:${scratch}/part`, "--env-only");
  expect(lastLine(copied)).toMatch(
    /^Only packages of environment .*small are included; omit --env-only for all\.$/,
  );
  expect((await spackOci(["list", `oci-layout:${scratch}/part`])).stdout).not.toContain("margo-lite");
  expect(await inside(unlocked, "list", layout, "--env-only")).toMatchObject({ status: 3 });
});

it("narrows a pull, says so, and not with --all", async () => {
  const root = ["--root", join(scratch, "root")];
  const run = await inside(small, "pull", layout, ...root);
  expect(run.status).toBe(0);
  expect(lastLine(run)).toMatch(/^2 of 20 packages: only those of environment .*small; use --all for all\.$/);
  expect(lastLine(await inside(small, "pull", layout, "libfabric-lite", ...root))).toMatch(/^Pulled 0 of 0/);
  rmSync(join(scratch, "root"), { recursive: true });
  const all = await inside(small, "pull", layout, "--all", "--dry-run", ...root);
  expect(all.stdout.match(/would pull/g)).toHaveLength(20);
});

it("narrows a push, says so, and not with --all", async () => {
  const store = ["--store", extractSampleStore(), "--dry-run"];
  const run = await inside(small, "push", `oci-layout:${scratch}/pushed`, ...store);
  expect(run.status).toBe(0);
  expect(lastLine(run)).toMatch(
    /^\d of 20 installed packages: only those of environment .*small; use --all for all\.$/,
  );
  const all = await inside(small, "push", `oci-layout:${scratch}/pushed`, ...store, "--all");
  expect(all.stdout.match(/would push/g)).toHaveLength(20);
});

it("fails a push if a root is not installed, like Spack", async () => {
  const path = join(scratch, "store", ".spack-db", "index.json");
  mkdirSync(dirname(path), { recursive: true });
  type Database = { database: { installs: Record<string, { installed: boolean; spec: { name: string } }> } };
  const database = readJson<Database>("producer/spack-db-index.json");
  for (const record of Object.values(database.database.installs))
    if (record.spec.name === "libfabric-lite") record.installed = false;
  writeFileSync(path, JSON.stringify(database));
  const args = ["push", `oci-layout:${scratch}/absent`, "--store", join(scratch, "store"), "--dry-run"];
  const run = await inside(small, ...args);
  expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining("libfabric-lite@1.22.0") });
});

it("says whose packages an image is made of", async () => {
  copies += 1;
  const copy = `oci-layout:${scratch}/copy-${copies}`;
  expect(await spackOci(["copy", layout, copy])).toMatchObject({ status: 0 });
  const run = await inside(small, "image", copy, "--tag", "small", "--dry-run");
  expect(run.stdout).toMatch(
    /^Only packages of environment .*small are included; use --all for all in the mirror\.$/m,
  );
  const all = await inside(small, "image", copy, "--tag", "all", "--dry-run", "--all");
  expect(all.stdout).not.toContain("environment");
});
