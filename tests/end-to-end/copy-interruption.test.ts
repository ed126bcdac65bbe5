// Copies that are killed or hit failing registries never leave an incomplete tag, and the next copy continues.

import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { buildCommand, startCommand } from "../support/command-process.js";
import { makeFlaky } from "../support/flaky-registry.js";
import { startEmptyMirror, startMirror, type TestMirror } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { seededRandom } from "../support/seeded-random.js";
import { missingContent, tagDigests } from "../support/tag-digests.js";

const ALWAYS = Number.POSITIVE_INFINITY;
const home = scratchDirectory("copy-interruption");
const opened: TestMirror[] = [];

async function open(start: typeof startMirror): Promise<TestMirror> {
  const mirror = await start();
  opened.push(mirror);
  return mirror;
}

afterEach(async () => {
  for (const { registry } of opened.splice(0)) await registry.close();
});

describe("SIGKILL", () => {
  beforeAll(buildCommand, 60_000);

  /** Starts a copy, and kills it after this many requests to the source. */
  async function killAfter(requests: number, from: TestMirror, to: string): Promise<void> {
    from.registry.reset();
    from.registry.fault({ path: /blobs/, delay: 5, times: ALWAYS });
    const { child, ended } = startCommand(["copy", from.mirror, to]);
    while (from.registry.requests.length < requests && child.exitCode === null) await delay(1);
    child.kill("SIGKILL");
    expect(await ended).toMatchObject({ signal: "SIGKILL" });
  }

  const destinations: [string, () => Promise<string>][] = [
    ["a registry", async () => (await open(startEmptyMirror)).mirror],
    ["a directory", async () => `oci-layout:${home}/layout`],
  ];

  it.each(destinations)(
    "repeatedly, of a copy to %s",
    async (_name, destination) => {
      const from = await open(startMirror);
      const to = await destination();
      let tags = 0;
      for (const requests of [6, 12, 20, 14, 18]) {
        await killAfter(requests, from, to);
        if (tags === 0 && (await spackOci(["list", to])).status === 3) continue;
        expect(await missingContent(to)).toEqual([]);
        const there = Object.keys(await tagDigests(to)).filter((tag) => tag.endsWith(".spack")).length;
        expect(there).toBeGreaterThanOrEqual(tags);
        tags = there;
      }
      expect(tags).toBeGreaterThan(0);
      from.registry.reset();
      expect(await startCommand(["copy", from.mirror, to]).ended).toMatchObject({ status: 0 });
      expect(await tagDigests(to)).toEqual(await tagDigests(from.mirror));
      expect(await missingContent(to)).toEqual([]);
      // Blobs from an interrupted copy are not fetched again.
      expect(from.registry.count("GET", /manifests\/.*\.spack$/)).toBe(20 - tags + 1);
      const listed = (await spackOci(["list", to, "--json"])).json<unknown[]>();
      expect(listed).toHaveLength(20);
    },
    120_000,
  );
});

it.each([1, 2, 3, 4])(
  "faults on both sides lose nothing: seed %i",
  async (seed) => {
    const random = seededRandom(seed);
    const [from, to] = [await open(startMirror), await open(startEmptyMirror)];
    const faults = [from, to].map(({ registry }) => makeFlaky(registry, random));
    const run = await spackOci(["copy", from.mirror, to.mirror], {
      mirrors: {
        retry: { attempts: 15, firstWait: 2, maxWait: 20 },
        clock: { now: Date.now, random, sleep: (ms) => delay(Math.min(ms, 20)) },
      },
    });
    expect(run).toMatchObject({ status: 0 });
    for (const { registry } of [from, to]) registry.reset();
    expect(await tagDigests(to.mirror)).toEqual(await tagDigests(from.mirror));
    expect(await missingContent(to.mirror)).toEqual([]);
    const struck = faults.reduce((sum, each) => sum + each.faults, 0);
    expect(struck).toBeGreaterThan(30);
    console.info(`soak of a copy: seed ${seed}: ${struck} faults, nothing lost`);
  },
  60_000,
);
