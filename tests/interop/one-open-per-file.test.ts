// A pull opens each regular file that it writes once, and never again. strace counts.

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fixture } from "../support/fixtures.js";
import { onPath } from "../support/on-path.js";
import { scratchDirectory } from "../support/scratch.js";
import { findPrefix } from "../support/store-tree.js";
import { shortRoot } from "./support/short-root.js";

const command = fileURLToPath(new URL("../../packages/cli/bin/spack-oci.cjs", import.meta.url));
const strace = onPath("strace");
if (strace === undefined) console.log("skipped: counting system calls, because strace is not on PATH");

const PACKAGE = "json-c-lite";

/** Entries of a store besides the directories of packages. */
const NOT_PACKAGES = [".spack-db", "bin"];

/** The regular files below the prefixes of a store, once for each inode. */
function inodesIn(root: string): Set<bigint> {
  const found = new Set<bigint>();
  const see = (directory: Buffer): void => {
    for (const name of readdirSync(directory, { encoding: "buffer" })) {
      const path = Buffer.concat([directory, Buffer.from("/"), name]);
      const status = lstatSync(path, { bigint: true });
      if (status.isDirectory()) see(path);
      else if (status.isFile()) found.add(status.ino);
    }
  };
  for (const name of readdirSync(root)) if (!NOT_PACKAGES.includes(name)) see(Buffer.from(`${root}/${name}`));
  return found;
}

/** What strace does to every call that opens a file: it takes as long as on a network file system that is busy. */
const SLOW = ["-e", "inject=openat:delay_exit=4000"];

interface OpenedFiles {
  readonly opened: string[];
  readonly closed: string[];
}

/** Pulls a buildcache into a store, and returns the paths of the files that it opened and closed before the end. */
function tracePull(location: string, root: string, options: readonly string[] = []): OpenedFiles {
  const scratch = scratchDirectory("strace");
  const trace = join(scratch, "trace");
  const { status } = spawnSync(
    strace as string,
    [
      ...["-f", "-qq", "-y", "-e", "trace=openat,close", "-o", trace, ...options],
      ...[process.execPath, command, "pull", location, "--root", root],
    ],
    { env: { ...process.env, SPACK_OCI_CACHE: join(scratch, "cache") } },
  );
  expect(status).toBe(0);
  const calls = readFileSync(trace, "latin1").split("\n");
  const staged = (lines: readonly string[], pattern: RegExp) =>
    lines.flatMap((line) => pattern.exec(line)?.[1] ?? []).filter((path) => path.includes("/.spack-oci-"));
  // A call that another thread interrupts has its path in its first line.
  const opened = staged(
    calls.filter((line) => !line.includes("O_DIRECTORY")),
    /openat\([^,]*, "((?:[^"\\]|\\.)*)"/,
  );
  const closed = staged(calls, /close\(\d+<((?:[^>\\]|\\.)*)>/);
  return { opened, closed };
}

describe.runIf(strace !== undefined)("system calls of a pull", () => {
  it.each([
    ["", []],
    [", on a slow file system too", SLOW],
  ])(
    "opens and closes each file that it writes once%s",
    (_, options) => {
      const root = shortRoot();
      const { opened, closed } = tracePull(`oci-layout:${fixture("oci-layout-main")}`, root, options);
      expect(opened.length).toBe(new Set(opened).size);
      expect(opened.length).toBe(inodesIn(root).size);
      expect(closed.length).toBe(opened.length);
      rmSync(dirname(root), { recursive: true, force: true });
    },
    120_000,
  );

  it("does so for a package that is written as it arrives", () => {
    const [store, root] = [shortRoot(), shortRoot()];
    const layout = `oci-layout:${join(scratchDirectory("large"), "layout")}`;
    const run = (...args: string[]) => {
      const { status, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });
      expect(status, stderr).toBe(0);
    };
    run("pull", `oci-layout:${fixture("oci-layout-main")}`, PACKAGE, "--root", store);
    const prefix = findPrefix(store, PACKAGE);
    mkdirSync(join(prefix, "share/large"), { recursive: true });
    // Text and binaries with paths, one of each kind larger than what is relocated in memory.
    const [text, binary] = [`${prefix}/lib\n`, `\x7fELF\0${prefix}/lib\0`];
    for (const [index, size] of [1000, 200_000, 5_000_000].entries()) {
      const rest = randomBytes(size);
      const path = join(prefix, "share/large", `${index}`);
      writeFileSync(`${path}.txt`, text + rest.toString("base64"));
      writeFileSync(`${path}.so`, Buffer.concat([Buffer.from(binary), rest]));
      writeFileSync(`${path}.data`, rest);
    }
    run("push", layout, PACKAGE, "--store", store, "--update-index");
    const { opened, closed } = tracePull(layout, root);
    // A long text that grows or shrinks is rewritten through a file of its own.
    const own = opened.filter((path) => !path.endsWith(".tmp"));
    expect(own.length).toBe(new Set(own).size);
    expect(own.length).toBe(inodesIn(root).size);
    // Directories are opened to list them.
    expect(closed.filter((path) => opened.includes(path)).length).toBe(opened.length);
    for (const index of [0, 1, 2]) {
      const pulled = join(findPrefix(root, PACKAGE), "share/large", `${index}.txt`);
      expect(readFileSync(pulled, "latin1").split("\n", 1)).toEqual([`${findPrefix(root, PACKAGE)}/lib`]);
    }
    for (const each of [store, root]) rmSync(dirname(each), { recursive: true, force: true });
  }, 240_000);
});
