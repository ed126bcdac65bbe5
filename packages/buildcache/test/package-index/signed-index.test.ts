// Signing the index beside other writers: what is under the tag in the end is signed, complete, and no older than
// anything that readers may have seen.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BodyFactory, Descriptor, PushOptions } from "@spack-oci/oci-client";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { packageTag } from "../../src/package-image/tags.js";
import { mergeIndex } from "../../src/package-index/merge-index.js";
import { readIndexImage, resolveIndex } from "../../src/package-index/read-index.js";
import { createScheduler } from "../../src/schedule/scheduler.js";
import type { ImageSigner } from "../../src/trust/image-signer.js";
import { nextClaim } from "../../src/trust/index-statement.js";
import { copyImages, fixtureLayout, fixtureSpecs, fixtureTags } from "../support/image.js";
import { testSigner } from "../support/index-signer.js";
import { indexJson } from "../support/index-text.js";
import { WatchedTarget } from "../support/watched-target.js";

const PLACE = "test:index.spack";
const scheduler = createScheduler(2);
const tags = await fixtureTags();
const [first = "", second = "", third = ""] = tags;
const specs = await fixtureSpecs();
const directory = mkdtempSync(join(tmpdir(), "signed-index-"));
const one = await testSigner(directory, "one");
const two = await testSigner(directory, "two");

/** Records each index that readers could have seen. */
class ReadTarget extends WatchedTarget {
  readonly seen: { readonly version: number; readonly covered: string | undefined }[] = [];
  /** Milliseconds that a write takes at most. */
  delay = 0;

  override async push(descriptor: Descriptor, body: BodyFactory, options: PushOptions = {}) {
    if (options.tag === "index.spack" && this.delay > 0) await sleep(Math.random() * this.delay);
    const outcome = await super.push(descriptor, body, options);
    if (options.tag === "index.spack") this.seen.push(await readableOf(this));
    return outcome;
  }
}

let target: ReadTarget;
beforeEach(() => {
  target = new ReadTarget("test");
});

/** The version of the index, signed by one of the two. */
async function versionOf(mirror: WatchedTarget): Promise<number> {
  const { signature } = (await resolveIndex(mirror)) ?? {};
  for (const signer of [one, two]) {
    const claim = await signer.claimOf(mirror, { place: PLACE, signature }).catch(() => undefined);
    if (claim !== undefined) return claim.version;
  }
  return 0;
}

/** What a reader compares. */
async function readableOf(mirror: WatchedTarget) {
  const image = await resolveIndex(mirror);
  return { version: await versionOf(mirror), covered: image?.signature?.covered };
}

/** Nobody who has read an index takes the last one for an old one. */
async function expectNoRollback(): Promise<void> {
  const last = await readableOf(target);
  expect(last.version).toBeGreaterThan(0);
  const newest = Math.max(...target.seen.map(({ version }) => version));
  const seen = target.seen.find(({ version }) => version === newest);
  if (seen?.covered !== last.covered) expect(last).toEqual(seen);
}

async function indexed(): Promise<string[]> {
  const image = await resolveIndex(target);
  if (image === undefined) return [];
  return (await readIndexImage(target, image)).packages.map(packageTag).sort();
}

const run = (listener = vi.fn()) => ({ scheduler, listener });
const add = (...some: string[]) => new Map([...specs].filter(([tag]) => some.includes(tag)));

async function push(signer: ImageSigner | undefined, ...some: string[]) {
  await copyImages(target, some);
  return mergeIndex(target, { add: add(...some), signer, pause: async () => {} }, run());
}

it("signs Spack's own index, which Spack reads as before", async () => {
  await push(one, ...tags);
  expect(await indexJson(target)).toEqual(await indexJson(fixtureLayout));
  expect(await versionOf(target)).toBeGreaterThan(0);
});

it("does not write an index again that is signed and up to date", async () => {
  await push(one, first, second);
  const { digest } = (await resolveIndex(target)) ?? {};
  expect(await push(one)).toMatchObject({ outcome: "unchanged" });
  expect((await resolveIndex(target))?.digest).toBe(digest);
});

it("signs an index that is up to date, if nobody has, or somebody else", async () => {
  await push(undefined, first);
  expect(await push(one)).toMatchObject({ outcome: "written", added: [], removed: [] });
  expect(await push(two)).toMatchObject({ outcome: "written", added: [], removed: [] });
  await expect(
    two.claimOf(target, { place: PLACE, signature: (await resolveIndex(target))?.signature }),
  ).resolves.toBeDefined();
});

it("reads packages again instead of taking over entries of somebody else", async () => {
  await push(one, first, second);
  target.asked.length = 0;
  const listener = vi.fn();
  await mergeIndex(target, { signer: two }, run(listener));
  expect(target.count("resolve tag")).toBe(2);
  expect(listener).toHaveBeenCalledWith(
    expect.objectContaining({ message: expect.stringContaining("is signed by somebody else") }),
  );
  target.asked.length = 0;
  await mergeIndex(Object.assign(target, { verifier: two.verifier() }), { signer: one }, run());
  expect(target.count("resolve tag")).toBe(0);
});

it("does not keep the entry of a package that cannot be read, unless it is trusted", async () => {
  await push(one, first, second);
  const failure = new TypeError("not now");
  target.before("resolve tag", 1, () => {
    throw failure;
  });
  expect(await push(two)).toMatchObject({ skipped: [{}] });
  expect(await indexed()).toHaveLength(1);
});

it("gives every index a higher version than the one that it follows, even if its clock was put back", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 45), fc.nat(2 ** 45), (newest, now) => {
      expect(nextClaim(newest, new Date(now)).version).toBeGreaterThan(newest);
      expect(nextClaim(newest, new Date(now)).version).toBeGreaterThanOrEqual(now);
    }),
  );
});

describe("beside other writers", () => {
  const moments = ["list tags", "push", "write index", "resolve index"] as const;
  it.each(moments.flatMap((asked) => [true, false].map((heeds) => ({ asked, heeds }))))(
    "loses neither a package nor a signature if another one signs before: $asked (conditions: $heeds)",
    async ({ asked, heeds }) => {
      target.heedsConditions = heeds;
      await push(one, first);
      target.before(asked, 1, () => push(one, third));
      await push(one, second);
      expect(await indexed()).toEqual([first, second, third].sort());
      await expectNoRollback();
    },
  );

  it("signs a complete index again whose version is lower than its own, which readers may have seen", async () => {
    await push(one, first, second);
    const slow = await resolveIndex(target);
    await target.delete({ tag: "index.spack" });
    const stale = slow?.digest ?? "sha256:";
    const newest = await versionOfNext();
    const put = await target.resolve(stale).catch(() => undefined);
    expect(put).toBeDefined();
    // Another writer, who did not see ours, overwrites it.
    target.heedsConditions = false;
    target.before("resolve index", 3, async () => put && target.tag(put, "index.spack"));
    await push(one, third);
    expect(await versionOf(target)).toBeGreaterThan(newest);
    await expectNoRollback();
  });

  async function versionOfNext(): Promise<number> {
    await push(one);
    return versionOf(target);
  }

  it.each([
    { keys: "one key", signers: [one, one, one, one, one] },
    { keys: "two keys that do not trust each other", signers: [one, two, one, two, one] },
  ])(
    "ends with a complete index that nobody takes for an old one: $keys",
    async ({ signers }) => {
      for (const heeds of [true, false]) {
        for (let round = 0; round < 5; round += 1) {
          target = new ReadTarget("test");
          target.heedsConditions = heeds;
          target.delay = 5;
          const pushed = signers.map(async (signer, at) => {
            const tag = tags[at] ?? "";
            await copyImages(target, [tag]);
            await sleep(Math.random() * 5);
            await mergeIndex(target, { add: add(tag), signer, create: true }, run());
          });
          await Promise.all(pushed);
          expect(await indexed()).toEqual(tags.slice(0, signers.length).sort());
          await expectNoRollback();
        }
      }
    },
    60_000,
  );
});
