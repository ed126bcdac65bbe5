import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { requireWritable } from "../../../src/verbs/pull/require-writable.js";
import { prepareStaging, publish, sweepStaging } from "../../../src/verbs/pull/staging.js";

vi.mock("node:fs/promises", { spy: true });

const hash = "a".repeat(32);
/** Belongs to no process: larger than any process id on Linux. */
const DEAD = 2 ** 22 + 1;
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "staging-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const make = (name: string) => mkdirSync(join(home, name, "sub"), { recursive: true });

it("is beside the prefix, does not exist yet, and is cleared of this process's leftovers", async () => {
  const prefix = join(home, "linux", "zlib");
  const staging = await prepareStaging(prefix, hash);
  expect(staging).toBe(join(home, "linux", `.spack-oci-${hash}.${hostname()}.${process.pid}`));
  expect(existsSync(staging)).toBe(false);
  mkdirSync(staging);
  expect(existsSync(await prepareStaging(prefix, hash))).toBe(false);
});

it("sweeps leftovers of dead processes on this machine, and nothing else", async () => {
  const kept = [
    `.spack-oci-${hash}.${hostname()}.${process.ppid}`,
    `.spack-oci-${hash}.elsewhere.example.${DEAD}`,
    ".spack-oci-other",
    "zlib",
  ];
  const swept = [
    `.spack-oci-${hash}.${hostname()}.${DEAD}`,
    `.spack-oci-${hash}.${hostname()}.${DEAD}.replaced`,
    `.spack-oci-${hash}.${hostname()}.${DEAD}.rerooted`,
    `.spack-oci-${"b".repeat(32)}.${hostname()}.${DEAD}`,
  ];
  for (const name of [...kept, ...swept]) make(name);
  await sweepStaging(
    [join(home, "zlib"), join(home, "other"), join(home, "not", "there"), "/dev/null/x"],
    () => {
      throw new Error("must not be called");
    },
  );
  expect(readdirSync(home).sort()).toEqual([...kept].sort());
});

it("goes on if it cannot remove something", async () => {
  const name = `.spack-oci-${hash}.${hostname()}.${DEAD}`;
  make(name);
  const place = join(home, name);
  vi.mocked(rm).mockRejectedValueOnce(Object.assign(new Error("EBUSY"), { code: "EBUSY" }));
  const left: string[] = [];
  await sweepStaging([join(home, "zlib")], (path) => left.push(path));
  expect(left).toEqual([place]);
});

describe("publish", () => {
  it("moves a package to its prefix", async () => {
    make("staged");
    await publish(join(home, "staged"), join(home, "zlib"), false);
    expect(readdirSync(home)).toEqual(["zlib"]);
  });

  it("replaces existing files only if told to", async () => {
    make("staged");
    make("zlib/mine");
    const publishing = publish(join(home, "staged"), join(home, "zlib"), false);
    await expect(publishing).rejects.toMatchObject({ code: "ERR_PREFIX_OCCUPIED", kind: "conflict" });
    expect(existsSync(join(home, "zlib", "mine"))).toBe(true);
    await publish(join(home, "staged"), join(home, "zlib"), true);
    expect(readdirSync(join(home, "zlib"))).toEqual(["sub"]);
    expect(readdirSync(home)).toEqual(["zlib"]);
  });

  it("restores the existing prefix if it cannot be replaced", async () => {
    make("zlib/mine");
    const publishing = publish(join(home, "not-there"), join(home, "zlib"), true);
    await expect(publishing).rejects.toMatchObject({ code: "ENOENT" });
    expect(existsSync(join(home, "zlib", "mine"))).toBe(true);
    expect(readdirSync(home)).toEqual(["zlib"]);
  });
});

describe("requireWritable", () => {
  it("asks the nearest directory that exists", async () => {
    await requireWritable(home);
    await requireWritable(join(home, "a", "b", "c"));
  });

  it("reports why a directory is not writable", async () => {
    writeFileSync(join(home, "file"), "");
    await expect(requireWritable(join(home, "file", "opt"))).rejects.toMatchObject({ code: "ENOTDIR" });
  });
});
