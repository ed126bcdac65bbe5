// Six pulls and two Spacks fill a store at the same time while two pushes read it, and the result is as if one of them
// had done it alone. SPACK_TEST_ROUNDS repeats it.

import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBundle } from "../support/bundle.js";
import { spackOci } from "../support/command-line.js";
import { type ProcessEnd, startCommand } from "../support/command-process.js";
import {
  comparableRecords,
  type PullReport,
  type PullTask,
  pullInProcess,
  SIX_PULLS,
} from "../support/concurrent-pulls.js";
import { scratchDirectory } from "../support/scratch.js";
import { describeStore, INSTALL_MANIFEST, INSTALL_TIMES } from "./support/describe-store.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack, type SpackRun } from "./support/spack.js";
import { copySamplesTo, startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

const ROUNDS = Number(process.env["SPACK_TEST_ROUNDS"] ?? 1);

/** As many pulls start before the first package is installed as after that. */
const HALF = SIX_PULLS.length / 2;

describeWithSpack("six pulls, two Spacks and two pushes at the same time", () => {
  const root = shortRoot();
  let registry: TlsRegistry;
  let task: PullTask;
  let expected: { readonly store: object; readonly records: object };

  const describeAll = () => ({
    store: describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST]),
    records: comparableRecords(root),
  });
  const newSpack = () => Spack.create({ root, mirror: task.mirror, authority: registry.authority });
  const install = (spack: Spack) => spack.run("-e", spack.environment, "install", "--cache-only");

  beforeAll(async () => {
    registry = await startTlsRegistry();
    const mirror = registry.location("mochi");
    await copySamplesTo(registry, "mochi");
    const program = buildBundle(scratchDirectory("many-installers"));
    task = { program, mirror, root, environment: { SSL_CERT_FILE: registry.authority } };
    const alone = await newSpack();
    await alone.do("-e", alone.environment, "install", "--cache-only");
    expected = describeAll();
  }, 300_000);
  afterAll(() => registry.stop());

  describe.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))("round %i", (round) => {
    const layout = join(scratchDirectory(`pushed-${round}`), "layout");
    let pulls: PullReport[];
    let spacks: SpackRun[];
    let pushes: ProcessEnd[];

    beforeAll(async () => {
      rmSync(root, { recursive: true });
      const installing = [await newSpack(), await newSpack()].map(install);
      const pull = (specs: readonly string[]) => pullInProcess(task, specs);
      const early = SIX_PULLS.slice(0, HALF).map(pull);
      await untilRecorded(root);
      const pushing = [1, 2].map(() => {
        const args = ["push", `oci-layout:${layout}`, "--store", root, "--update-index"];
        return startCommand(args, task.environment, task.program).ended;
      });
      pulls = await Promise.all([...early, ...SIX_PULLS.slice(HALF).map(pull)]);
      spacks = await Promise.all(installing);
      pushes = await Promise.all(pushing);
    }, 300_000);

    it("all succeed", () => {
      expect(spacks).toEqual([1, 2].map(() => expect.objectContaining({ status: 0, stderr: "" }) as object));
      expect(pushes).toEqual([1, 2].map(() => expect.objectContaining({ status: 0 }) as object));
      expect(pulls.map(({ failed, stderr }) => [failed, stderr.match(/warning/)])).toEqual(
        SIX_PULLS.map(() => [[], null]),
      );
    });

    it("install no package twice", () => {
      const pulled = pulls.flatMap((each) => each.pulled.map((item) => item.hash));
      expect(pulled.length).toBe(new Set(pulled).size);
    });

    it("write the files and records that Spack alone writes, and leave nothing else behind", () => {
      expect(describeAll()).toEqual(expected);
      const [platform, ...others] = readdirSync(root).filter((name) => ![".spack-db", "bin"].includes(name));
      expect(others).toEqual([]);
      expect(readdirSync(join(root, platform ?? "")).filter((name) => name.startsWith("."))).toEqual([]);
    });

    it("push only packages that are complete", async () => {
      const check = await spackOci(["check", `oci-layout:${layout}`, "--deep"]);
      expect(check).toMatchObject({ status: 0 });
    });

    it("leave nothing for another pull", async () => {
      const spack = await newSpack();
      const again = await spack.ours("-e", spack.environment, "pull", "mochi", "--json");
      expect(again.json<PullReport>().pulled).toEqual([]);
      await spack.do("reindex");
      expect(Object.keys(comparableRecords(root)).sort()).toEqual(Object.keys(expected.records).sort());
    });
  });
});

/** Waits until the first package is installed, besides externals. */
async function untilRecorded(root: string): Promise<void> {
  const index = join(root, ".spack-db", "index.json");
  const deadline = Date.now() + 120_000;
  const prefixes = () =>
    Object.values(comparableRecords(root)).map((record) => String((record as { path?: unknown }).path));
  while (!(existsSync(index) && prefixes().some((prefix) => prefix.startsWith(root)))) {
    if (Date.now() > deadline) throw new Error(`timed out waiting for a package in ${root}`);
    await sleep(20);
  }
}
