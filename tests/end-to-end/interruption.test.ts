// The real command, interrupted, killed, without a reader and with a full disk: nothing incomplete is ever visible, and
// the next run finishes the work.

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { buildCommand, type ProcessEnd, runShell, startCommand } from "../support/command-process.js";
import type { PrefixDescription } from "../support/describe-prefix.js";
import { fixture } from "../support/fixtures.js";
import {
  manifestIn,
  packageTagsIn,
  startEmptyMirror,
  startMirror,
  type TestMirror,
} from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { seededRandom } from "../support/seeded-random.js";
import { mountInMemory, remount } from "../support/small-disk.js";
import {
  describeInstalled,
  describeStore,
  findPrefix,
  leftovers,
  prefixNames,
} from "../support/store-tree.js";

const SPEC = "margo-lite";
const ALWAYS = Number.POSITIVE_INFINITY;
const KILLS = 50;
const layout = `oci-layout:${fixture("oci-layout-main")}`;
const home = scratchDirectory("interruption");
const root = `${home}/opt`;
/** The temporary directory in which pushes pack their layers. */
const temporary = `${home}/tmp`;
const store = extractSampleStore();

let mirror: TestMirror;
let whole: Map<string, PrefixDescription>;

beforeAll(async () => {
  buildCommand();
  mkdirSync(temporary);
  expect(await start("pull", "--allarch", layout, SPEC, "--root", root).ended).toMatchObject({ status: 0 });
  whole = describeStore(root);
  expect(whole.size).toBe(6);
}, 120_000);

beforeEach(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => mirror?.registry.close());

function start(...args: string[]) {
  // Otherwise Node caches compiled code in TMPDIR.
  const compiled = { NODE_COMPILE_CACHE: `${home}/compiled` };
  return startCommand(args, { TMPDIR: temporary, SOURCE_DATE_EPOCH: "1700000000", ...compiled });
}

const pullArguments = () => ["pull", "--allarch", mirror.mirror, SPEC, "--root", root];
const pushArguments = () => [
  ...["push", mirror.mirror, SPEC, "--store", store],
  ...["--without-build-dependencies", "--update-index"],
];

/** Delays every request that moves bytes, so that runs can be interrupted halfway. */
function slowDown(milliseconds: number): void {
  mirror.registry.fault({ path: /blobs/, delay: milliseconds, times: ALWAYS });
}

/** Checks that everything at its final place is complete; work in progress is elsewhere. */
function expectNothingHalfWritten(): void {
  for (const name of prefixNames(root)) expect(describeInstalled(root, name)).toEqual(whole.get(name));
  const { repository } = mirror;
  for (const tag of repository.tags.keys()) {
    const { config, layers } = manifestIn(repository, tag);
    for (const { digest } of [config, ...layers]) expect(repository.blobs.has(digest)).toBe(true);
  }
}

async function untilRequests(count: number): Promise<void> {
  while (mirror.registry.requests.length < count) await delay(5);
}

describe.each(["SIGINT", "SIGTERM"] as const)("%s", (signal) => {
  it("ends a pull, which cleans up after itself", async () => {
    mirror = await startMirror();
    slowDown(300);
    const { child, ended } = start(...pullArguments());
    await untilRequests(5);
    child.kill(signal);
    const end = await ended;
    expect(end).toMatchObject({ status: 130, stdout: "" });
    expect(end.stderr).toMatch(
      /^\d to do\n(.*\n)*spack-oci: interrupted; run the same command again to resume\n$/,
    );
    expect(end.stderr).not.toContain("failed");
    expectNothingHalfWritten();
    expect(leftovers(root)).toEqual([]);
    expect(prefixNames(root).length).toBeLessThan(whole.size);
    mirror.registry.reset();
    expect(await start(...pullArguments()).ended).toMatchObject({ status: 0 });
    expect(describeStore(root)).toEqual(whole);
  });

  it("ends a push, which cleans up after itself", async () => {
    mirror = await startEmptyMirror();
    slowDown(200);
    const { child, ended } = start(...pushArguments());
    await untilRequests(8);
    child.kill(signal);
    expect(await ended).toMatchObject({ status: 130, stdout: "" });
    expectNothingHalfWritten();
    expect(readdirSync(temporary)).toEqual([]);
    expect(packageTagsIn(mirror.repository).length).toBeLessThan(whole.size);
    mirror.registry.reset();
    expect(await start(...pushArguments()).ended).toMatchObject({ status: 0 });
    expect(packageTagsIn(mirror.repository)).toHaveLength(whole.size);
  });
});

/**
 * Kills a command again and again, and checks its results after each kill.
 *
 * @param remains lists what a killed run left behind
 * @param whenWhole runs if the command finished before it was killed
 * @returns whether any kill left something behind
 */
async function killAtRandom(
  seed: number,
  commandLine: () => string[],
  remains: () => readonly unknown[],
  whenWhole: () => void,
): Promise<boolean> {
  slowDown(20);
  const random = seededRandom(seed);
  let leftSomething = false;
  for (let kills = 0; kills < KILLS; kills += 1) {
    const { child, ended } = start(...commandLine());
    await untilRequests(1);
    await delay(random() * 600);
    child.kill("SIGKILL");
    const { status } = await ended;
    expectNothingHalfWritten();
    mirror.registry.requests.length = 0;
    leftSomething ||= remains().length > 0;
    if (status === 0) whenWhole();
  }
  return leftSomething;
}

describe("SIGKILL at any moment", () => {
  it("of a pull: the next run resumes, and cleans up", async () => {
    mirror = await startMirror();
    const leftSomething = await killAtRandom(
      2026,
      pullArguments,
      () => leftovers(root),
      () => {
        expect(describeStore(root)).toEqual(whole);
        expect(leftovers(root)).toEqual([]);
        rmSync(root, { recursive: true });
      },
    );
    expect(leftSomething).toBe(true);
    expect(await start(...pullArguments()).ended).toMatchObject({ status: 0 });
    expect(describeStore(root)).toEqual(whole);
    expect(leftovers(root)).toEqual([]);
    // The database also has the packages that an earlier run installed.
    const again = await start(...pullArguments(), "--json").ended;
    expect(JSON.parse(again.stdout)).toMatchObject({ pulled: [], present: { length: whole.size } });
  }, 400_000);

  it("of a push: the next run resumes, and cleans up", async () => {
    mirror = await startEmptyMirror();
    const leftSomething = await killAtRandom(
      2027,
      pushArguments,
      () => readdirSync(temporary),
      () => mirror.repository.tags.clear(),
    );
    expect(leftSomething).toBe(true);
    expect(await start(...pushArguments()).ended).toMatchObject({ status: 0 });
    expect(packageTagsIn(mirror.repository)).toHaveLength(whole.size);
    expect(mirror.repository.tags.has("index.spack")).toBe(true);
    expect(readdirSync(temporary)).toEqual([]);
  }, 400_000);
});

it("a pull with nothing to do also cleans up after a killed one", async () => {
  expect(await start("pull", "--allarch", layout, SPEC, "--root", root).ended).toMatchObject({ status: 0 });
  const dead = 2 ** 22 + 1;
  writeFileSync(`${root}/.spack-db/index.json.${hostname()}.${dead}.temp`, "{");
  expect(leftovers(root)).toHaveLength(1);
  const again = await start("pull", "--allarch", layout, SPEC, "--root", root, "--json").ended;
  expect(JSON.parse(again.stdout)).toMatchObject({ pulled: [], present: { length: whole.size } });
  expect(leftovers(root)).toEqual([]);
});

it("two concurrent pulls give one complete store", async () => {
  mirror = await startMirror();
  slowDown(50);
  const runs = await Promise.all([start(...pullArguments()).ended, start(...pullArguments()).ended]);
  expect(runs.map(({ status }) => status)).toEqual([0, 0]);
  expect(describeStore(root)).toEqual(whole);
  expect(leftovers(root)).toEqual([]);
});

describe("output without a reader", () => {
  it("a closed pipe ends a listing quietly", async () => {
    const run = await runShell(`$SPACK_OCI list ${layout} --json | head -1; echo "\${PIPESTATUS[0]}"`);
    expect(run).toMatchObject({ stdout: "[\n0\n", stderr: "" });
  });

  it("a closed pipe does not stop a pull", async () => {
    mirror = await startMirror();
    slowDown(50);
    const script = `$SPACK_OCI ${pullArguments().join(" ")} 2>&1 | head -1; echo "\${PIPESTATUS[0]}"`;
    expect(await runShell(script)).toMatchObject({ stdout: "6 to do\n0\n" });
    expect(describeStore(root)).toEqual(whole);
    expect(leftovers(root)).toEqual([]);
  });

  it("a full disk for standard output is reported as a failure", async () => {
    const run = await runShell(`$SPACK_OCI list ${layout} > /dev/full`);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^spack-oci: cannot write to standard output: no space left.* \(ENOSPC\)\n$/);
  });
});

describe("a full disk", () => {
  const disk = `${home}/disk`;

  const enlarge = () => remount(disk, "size=64m");
  const skipped = "no file system can be mounted here";

  function expectFull(end: ProcessEnd): void {
    expect(end.status).toBe(1);
    expect(end.stderr).toMatch(/ENOSPC|no space left/);
    expect(end.stderr).toMatch(/The disk is full\. Free some space|the free space on its disk/);
  }

  it("for the store of a pull", async (context) => {
    if (!mountInMemory(disk, "size=1500k")) return context.skip(skipped);
    const args = ["pull", "--allarch", layout, SPEC, "--root", `${disk}/opt`];
    expectFull(await start(...args).ended);
    expect(leftovers(`${disk}/opt`)).toEqual([]);
    const some = describeStore(`${disk}/opt`);
    expect(some.size).toBeLessThan(whole.size);
    enlarge();
    expect(await start(...args).ended).toMatchObject({ status: 0 });
    const all = describeStore(`${disk}/opt`);
    expect(all.size).toBe(whole.size);
    for (const [name, description] of some) expect(all.get(name)).toEqual(description);
  });

  it("for the layers and the image layout of a push", async (context) => {
    if (!mountInMemory(disk, "size=600k")) return context.skip(skipped);
    const args = [
      "push",
      `oci-layout:${disk}/layout`,
      SPEC,
      "--store",
      store,
      "--without-build-dependencies",
    ];
    expectFull(await start(...args).ended);
    if (existsSync(`${disk}/layout/blobs`))
      expect(readdirSync(`${disk}/layout/blobs/sha256`).filter((name) => name.startsWith("."))).toEqual([]);
    // Small packages are packed in memory.
    const large = `${home}/large`;
    await start("pull", "--allarch", layout, SPEC, "--root", large).ended;
    writeFileSync(`${findPrefix(large, SPEC)}/large.bin`, randomBytes(8 * 1024 * 1024));
    const scratchFull = startCommand(
      ["push", `oci-layout:${home}/layout`, SPEC, "--store", large, "--without-build-dependencies"],
      { TMPDIR: disk },
    );
    expectFull(await scratchFull.ended);
    enlarge();
    expect(await start(...args).ended).toMatchObject({ status: 0 });
    const list = await start("list", `oci-layout:${disk}/layout`, "--json").ended;
    expect(JSON.parse(list.stdout)).toHaveLength(whole.size);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
