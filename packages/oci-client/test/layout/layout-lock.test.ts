// Writers in one process and in several never lose a tag, nor wait for dead processes.

import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { collectAll } from "../../../../tests/support/collect.js";
import { mountInMemory } from "../../../../tests/support/small-disk.js";
import { ImageLayout } from "../../src/layout/image-layout.js";
import { thisHost, withLayoutLock } from "../../src/layout/layout-lock.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Increments the number in a file `times` times, in a way that loses counts if two do it at once. */
async function count(times: number): Promise<void> {
  const file = join(directory, "count");
  for (let i = 0; i < times; i += 1) {
    await withLayoutLock(join(directory, "lock"), async () => {
      const before = Number(await readFile(file, "utf8"));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
      await writeFile(file, String(before + 1));
    });
  }
}

test("tasks of one process run one after the other, even after a failure", async () => {
  await writeFile(join(directory, "count"), "0");
  const failing = withLayoutLock(join(directory, "lock"), () => Promise.reject(new Error("task")));
  await Promise.all([expect(failing).rejects.toThrow("task"), ...Array.from({ length: 10 }, () => count(3))]);
  expect(await readFile(join(directory, "count"), "utf8")).toBe("30");
  await expect(stat(join(directory, "lock"))).rejects.toThrow("ENOENT");
});

test("breaks the lock of a dead process at once", async () => {
  const pid = Number(
    execFileSync(process.execPath, ["-e", "console.log(process.pid)"], { encoding: "utf8" }),
  );
  await writeFile(join(directory, "lock"), JSON.stringify({ pid, host: thisHost(), token: "00ff" }));
  await writeFile(join(directory, "count"), "0");
  // Too young to count as stale by its age.
  const tomorrow = Date.now() / 1000 + 24 * 3600;
  await utimes(join(directory, "lock"), tomorrow, tomorrow);
  await Promise.all([count(1), count(1)]);
  expect(await readFile(join(directory, "count"), "utf8")).toBe("2");
});

test("breaks an old lock whose owner is unreadable", async () => {
  const lock = join(directory, "lock");
  await writeFile(lock, `{"pid":1,"host":"\\x","token":"00ff"}`);
  await utimes(lock, 0, 0);
  await writeFile(join(directory, "count"), "0");
  await count(1);
  expect(await readFile(join(directory, "count"), "utf8")).toBe("1");
});

test("does not leave a lock behind that could not be written", async (context) => {
  const disk = await mkdtemp(join(tmpdir(), "disk-"));
  // Cleanup runs in reverse order: the directory is removed after it was unmounted.
  onTestFinished(() => rm(disk, { recursive: true }));
  if (!mountInMemory(disk, "size=16k")) return context.skip("no file system can be mounted here");
  await expect(writeFile(join(disk, "all"), Buffer.alloc(100_000))).rejects.toThrow("ENOSPC");
  await expect(withLayoutLock(join(disk, "lock"), async () => {})).rejects.toThrow("ENOSPC");
  expect(await readdir(disk)).toEqual(["all"]);
});

test("waits for a lock whose owner is alive", async () => {
  const lock = join(directory, "lock");
  await writeFile(lock, JSON.stringify({ pid: process.pid, host: thisHost(), token: "00ff" }));
  await writeFile(join(directory, "count"), "0");
  let released = false;
  setTimeout(() => {
    released = true;
    void rm(lock);
  }, 150);
  await count(1);
  expect(released).toBe(true);
});

const built = existsSync(new URL("../../dist/index.js", import.meta.url));
if (!built)
  console.info("skipped: writers in other processes, because the package is not built (npx tsc -b)");

test.skipIf(!built)("processes that are killed while they write do not lose the tags of others", async () => {
  const writer = fileURLToPath(new URL("layout-writer.mjs", import.meta.url));
  const cache = join(directory, "cache");
  const run = (name: string, killAfter?: number) =>
    new Promise<string[]>((resolve, reject) => {
      const child = spawn(process.execPath, [writer, cache, name, "12"], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      let complaint = "";
      child.stdout.on("data", (chunk) => {
        output += chunk;
      });
      child.stderr.on("data", (chunk) => {
        complaint += chunk;
      });
      if (killAfter !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfter);
      child.on("close", (code, signal) => {
        if (code === 0 || (killAfter !== undefined && signal === "SIGKILL"))
          resolve(output.split("\n").filter(Boolean));
        else reject(new Error(complaint));
      });
    });
  const written = await Promise.all([run("a"), run("b"), run("c"), run("d", 350), run("e", 500)]);
  const tags = new Set(await collectAll(new ImageLayout(cache).tags()));
  expect(written.slice(0, 3).every((names) => names.length === 12)).toBe(true);
  expect(written.flat().filter((tag) => !tags.has(tag))).toEqual([]);
});
