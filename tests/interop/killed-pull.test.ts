// Spack can read a store in which a pull was killed, and the next pull completes it.

import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildCommand, startCommand } from "../support/command-process.js";
import { fixture } from "../support/fixtures.js";
import { readRecords } from "./support/database.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";

const layout = `oci-layout:${fixture("oci-layout-main")}`;

/** Numbers of packages that a pull has reported as done when it is killed, of 18 that it installs. */
const MOMENTS = [0, 1, 2, 4, 7, 10, 14, 17];

describeWithSpack("a store in which a pull was killed", () => {
  const root = shortRoot();
  let spack: Spack;

  beforeAll(async () => {
    buildCommand();
    spack = await Spack.create({ root });
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("can be read by Spack, and is completed by the next pull", async () => {
    const counts = new Set<number>();
    for (const moment of MOMENTS) {
      rmSync(root, { recursive: true, force: true });
      await pullAndKill(root, moment);
      const found = (await spack.do("find", "--format", "{hash}")).split("\n").filter(Boolean);
      expect(found.sort()).toEqual(recorded(root));
      expect(await unverified(spack)).toEqual([]);
      counts.add(found.length);
      expect(await spack.ours("pull", "--allarch", layout, "--root", root)).toMatchObject({ status: 0 });
      expect(await unverified(spack)).toEqual([]);
    }
    // Otherwise no pull was killed halfway, and the test proves nothing.
    expect(counts.size).toBeGreaterThan(1);
  }, 300_000);
});

/** Kills the pull when it has reported `done` packages, which are then recorded, with others in flight. */
async function pullAndKill(root: string, done: number): Promise<void> {
  const { child, ended } = startCommand(["pull", "--allarch", layout, "--root", root]);
  let progress = "";
  child.stderr?.on("data", (chunk: string) => {
    progress += chunk;
    if (progress.split("\n").length > done + 1) child.kill("SIGKILL");
  });
  await ended;
}

/**
 * Problems that Spack reports, except that the external compiler has no manifest, which is true after its own installs
 * too.
 */
async function unverified(spack: Spack): Promise<string[]> {
  const { stdout, stderr } = await spack.run("verify", "manifest", "--all");
  return `${stdout}${stderr}`
    .replace(
      /^==> In package gcc\/\w+\n\/usr verification failed with error\(s\):\n\s+manifest missing\n/m,
      "",
    )
    .split("\n")
    .filter((line) => line.trim() !== "");
}

/** The DAG hashes of installed packages in the database, sorted. */
function recorded(root: string): string[] {
  if (!existsSync(join(root, ".spack-db", "index.json"))) return [];
  return Object.entries(readRecords(root))
    .filter(([, record]) => record["installed"] === true)
    .map(([hash]) => hash)
    .sort();
}
