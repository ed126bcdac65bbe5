// Spack and this project work on one store while packages are removed from it.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { buildCommand, startCommand } from "../support/command-process.js";
import { scratchDirectory } from "../support/scratch.js";
import { copyStore } from "./support/copy-store.js";
import { readRecords } from "./support/database.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";

/** Numbers of packages that are removed when the command is killed, of 22. */
const MOMENTS = [0, 1, 3, 6, 10, 15, 20];

describeWithSpack("removal beside Spack", { timeout: 600_000 }, () => {
  const root = shortRoot();
  const place = scratchDirectory("races");
  const original = join(place, "original");
  let spack: Spack;
  let prefixes: ReadonlyMap<string, string>;

  beforeAll(async () => {
    buildCommand();
    spack = await Spack.create({ root });
    prefixes = await copyStore(root);
    execFileSync("cp", ["-a", dirname(root), original]);
  }, 300_000);
  beforeEach(restore);

  function restore() {
    rmSync(dirname(root), { recursive: true, force: true });
    execFileSync("cp", ["-a", original, dirname(root)]);
  }

  it("Spack finds consistent packages at any time", async () => {
    const removal = startCommand(["uninstall", "--root", root, "-y", "--all"]);
    let over = false;
    void removal.ended.then(() => {
      over = true;
    });
    const counts: number[] = [];
    do {
      const names = await spack.do("find", "--format", "{name}");
      counts.push(names.split("\n").filter(Boolean).length);
    } while (!over);
    expect(await removal.ended).toMatchObject({ status: 0 });
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(readRecords(root)).toEqual({});
  });

  it("a removal waits for Spack's lock on the prefix", async () => {
    const signal = join(place, "let-go");
    const file = join(place, "hold.py");
    const [hash = ""] =
      Object.entries(readRecords(root)).find(([, { spec }]) => spec.name === "mochi-suite") ?? [];
    writeFileSync(
      file,
      `import os, time, spack.store
spec = spack.store.STORE.db.query_one("/${hash}")
with spack.store.STORE.prefix_locker.write_lock(spec):
    print("held", flush=True)
    while not os.path.exists(${JSON.stringify(signal)}): time.sleep(0.05)
`,
    );
    const holder = spack.start("python", file);
    const ended = once(holder, "close");
    await once(holder.stdout as NodeJS.EventEmitter, "data");
    const impatient = await spack.ours(
      "-c",
      "config:package_lock_timeout:1",
      "uninstall",
      "-y",
      "mochi-suite",
    );
    expect(impatient.status, impatient.stderr).toBe(1);
    expect(impatient.stderr).toContain("is still locked after 1 seconds");
    expect(existsSync(join(prefixes.get("mochi-suite") ?? "", ".spack", "spec.json"))).toBe(true);
    const patient = spack.ours("uninstall", "-y", "mochi-suite");
    writeFileSync(signal, "");
    expect(await patient).toMatchObject({ status: 0 });
    expect(await ended).toEqual([0, null]);
    expect(Object.keys(readRecords(root))).not.toContain(hash);
  });

  it("Spack completes a removal that was killed", async () => {
    const counts = new Set<number>();
    for (const moment of MOMENTS) {
      restore();
      await removeAndKill(root, moment);
      const found = (await spack.do("find", "--format", "{hash}")).split("\n").filter(Boolean);
      counts.add(found.length);
      const records = readRecords(root);
      expect(found.sort()).toEqual(
        Object.keys(records)
          .filter((each) => records[each]?.["installed"])
          .sort(),
      );
      if (found.length > 0) await spack.do("uninstall", "-y", "-a");
      expect(readRecords(root)).toEqual({});
      expect(readdirSync(root).filter((name) => !name.startsWith(".spack-db") && name !== "bin")).toEqual([]);
    }
    // Otherwise nothing was killed halfway, and the test proves nothing.
    expect(counts.size).toBeGreaterThan(2);
  });

  it("so does another run of the same command", async () => {
    await removeAndKill(root, 7);
    const again = startCommand(["uninstall", "--root", root, "-y", "--all"]);
    expect(await again.ended).toMatchObject({ status: 0 });
    expect(await spack.do("find", "--format", "{hash}")).toBe("");
  });
});

/** Kills the removal of everything when it has reported `done` packages. */
async function removeAndKill(root: string, done: number): Promise<void> {
  const { child, ended } = startCommand(["uninstall", "--root", root, "-y", "--all"]);
  let progress = "";
  child.stderr?.on("data", (chunk: string) => {
    progress += chunk;
    if (progress.split("\n").length > done + 1) child.kill("SIGKILL");
  });
  await ended;
}
