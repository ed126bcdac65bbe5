// A pull opens each regular file that it writes once, and never again. strace counts.

import { spawnSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fixture } from "../support/fixtures.js";
import { onPath } from "../support/on-path.js";
import { scratchDirectory } from "../support/scratch.js";
import { shortRoot } from "./support/short-root.js";

const command = fileURLToPath(new URL("../../packages/cli/bin/spack-oci.cjs", import.meta.url));
const strace = onPath("strace");
if (strace === undefined) console.log("skipped: counting system calls, because strace is not on PATH");

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

describe.runIf(strace !== undefined)("system calls of a pull", () => {
  it("opens and closes each file that it writes once", () => {
    const root = shortRoot();
    const scratch = scratchDirectory("strace");
    const trace = join(scratch, "trace");
    const pull = ["pull", `oci-layout:${fixture("oci-layout-main")}`, "--root", root];
    const { status } = spawnSync(
      strace as string,
      ["-f", "-qq", "-y", "-e", "trace=openat,close", "-o", trace, process.execPath, command, ...pull],
      { env: { ...process.env, SPACK_OCI_CACHE: join(scratch, "cache") } },
    );
    expect(status).toBe(0);
    const calls = readFileSync(trace, "latin1").split("\n");
    const staged = (pattern: RegExp) =>
      calls.flatMap((line) => pattern.exec(line)?.[1] ?? []).filter((path) => path.includes("/.spack-oci-"));
    // A call that another thread interrupts has its path in its first line.
    const opened = staged(/openat\([^,]*, "((?:[^"\\]|\\.)*)"/);
    const closed = staged(/close\(\d+<((?:[^>\\]|\\.)*)>/);
    expect(opened.length).toBe(new Set(opened).size);
    expect(opened.length).toBe(inodesIn(root).size);
    expect(closed.length).toBe(opened.length);
    rmSync(dirname(root), { recursive: true, force: true });
  }, 120_000);
});
