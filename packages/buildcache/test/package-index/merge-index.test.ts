// Merging the index: what is added, kept and dropped, alone and beside other writers.

import { SpackOciError } from "@spack-oci/errors";
import { MemoryTarget } from "@spack-oci/oci-client";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { packageTag } from "../../src/package-image/tags.js";
import { type MergeIndexRequest, mergeIndex } from "../../src/package-index/merge-index.js";
import type { IndexChange } from "../../src/package-index/plan-index.js";
import { readIndex } from "../../src/package-index/read-index.js";
import type { Run } from "../../src/schedule/run.js";
import { createScheduler } from "../../src/schedule/scheduler.js";
import { copyImages, fixtureLayout, fixtureSpecs, fixtureTags, pushImage } from "../support/image.js";
import { indexJson } from "../support/index-text.js";
import { WatchedTarget } from "../support/watched-target.js";

const scheduler = createScheduler(2);
const tags = await fixtureTags();
const [first = "", second = "", third = ""] = tags;
const specs = await fixtureSpecs();
let target: WatchedTarget;
beforeEach(() => {
  target = new WatchedTarget("test");
});

const pause = vi.fn(async () => {});
const merge = (
  change?: IndexChange,
  { listener, signal, ...options }: MergeIndexRequest & Partial<Run> = {},
) => mergeIndex(target, { pause, ...change, ...options }, { scheduler, listener, signal });
const add = (...some: string[]) => ({ add: new Map([...specs].filter(([tag]) => some.includes(tag))) });
const tagsOf = (nodes: Parameters<typeof packageTag>[0][]) => nodes.map(packageTag).sort();

/** Tags of the packages in the index. */
async function indexed(): Promise<string[]> {
  const index = await readIndex(target);
  return index === undefined ? [] : tagsOf([...index.packages]);
}

/** Another writer, which pushes packages and merges the index as we do. */
async function anotherPushes(...some: string[]) {
  await copyImages(target, some);
  await mergeIndex(target, add(...some), { scheduler });
}

describe("mergeIndex", () => {
  it("writes Spack's own index from packages that arrive one by one, in any order", async () => {
    const expected = await indexJson(fixtureLayout);
    const orders = fc.shuffledSubarray(tags, { minLength: tags.length });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        target = new WatchedTarget("any order");
        for (const tag of order) {
          await copyImages(target, [tag]);
          await merge(add(tag));
        }
        expect(await indexJson(target)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  it("reads only tags that neither the index nor the caller knows", async () => {
    await anotherPushes(first);
    await copyImages(target, [second, third]);
    target.asked.length = 0;
    const result = await merge(add(third));
    expect(result).toMatchObject({ outcome: "written", specs: 3, removed: [], skipped: [] });
    expect(tagsOf([...result.added])).toEqual([second, third].sort());
    expect(await indexed()).toEqual([first, second, third].sort());
    // The index, and the config of the second package.
    expect(target.count("resolve tag")).toBe(1);
    expect(target.asked.slice(0, -2).filter((asked) => asked === "fetch")).toHaveLength(2);
  });

  it("does not write an index that is up to date", async () => {
    await anotherPushes(first, second);
    target.asked.length = 0;
    expect(await merge(add(first))).toMatchObject({ outcome: "unchanged", specs: 2, added: [], removed: [] });
    expect(target.asked).toEqual(["resolve index", "fetch", "list tags"]);
  });

  it("drops packages without a tag, and keeps their dependencies' specs as absent", async () => {
    const hash = specs.get(first)?.root.hash ?? "";
    const dependent = tags.find((tag) => tag !== first && specs.get(tag)?.graph.has(hash)) ?? "";
    await anotherPushes(first, dependent);
    await target.delete({ tag: first });
    const result = await merge();
    expect(result).toMatchObject({ outcome: "written", specs: 1, added: [] });
    expect(tagsOf([...result.removed])).toEqual([first]);
    expect((await readIndex(target))?.packageOf(hash)).toBeUndefined();
  });

  it("leaves out tags that are about to be deleted", async () => {
    await anotherPushes(first, second);
    expect(await merge({ remove: new Set([first]) })).toMatchObject({ outcome: "written", specs: 1 });
    expect(await indexed()).toEqual([second]);
  });

  it("only plans in a dry run", async () => {
    await copyImages(target, [first]);
    expect(await merge({}, { dryRun: true })).toMatchObject({ outcome: "planned", specs: 1 });
    expect(await readIndex(target)).toBeUndefined();
  });

  it("replaces a broken index", async () => {
    await copyImages(target, [first]);
    await pushImage(target, "index.spack", "{}", 0);
    const listener = vi.fn();
    expect(await merge({}, { listener })).toMatchObject({ outcome: "written", specs: 1 });
    expect(listener).toHaveBeenCalledWith(
      expect.objectContaining({ type: "warning", message: expect.stringMatching(/cannot be used/) }),
    );
  });
});

describe("rebuilding", () => {
  it("trusts nothing when rebuilding, and does not write equal bytes", async () => {
    await anotherPushes(first, second);
    expect(await merge({}, { rebuild: true })).toMatchObject({ outcome: "unchanged", specs: 2 });
    await pushImage(target, first, "{}");
    expect(await merge()).toMatchObject({ outcome: "unchanged", specs: 2 });
    expect(await merge({}, { rebuild: true })).toMatchObject({
      outcome: "written",
      specs: 1,
      skipped: [{ tag: first }],
    });
    expect(await indexed()).toEqual([second]);
  });

  it("adds what another writer pushed meanwhile", async () => {
    await anotherPushes(first);
    await copyImages(target, [second]);
    target.before("write index", 1, () => anotherPushes(third));
    expect(await merge({}, { rebuild: true })).toMatchObject({ specs: 3 });
    expect(await indexed()).toEqual([first, second, third].sort());
  });
});

describe("a tag that cannot be read", () => {
  it("is skipped and reported", async () => {
    await copyImages(target, [first]);
    await pushImage(target, "mine.spack", "{}");
    const listener = vi.fn();
    const result = await merge({}, { listener });
    expect(result).toMatchObject({ outcome: "written", specs: 1, skipped: [{ tag: "mine.spack" }] });
    const message = expect.stringMatching(/^mine.spack could not be read \(left out of the index\): /);
    expect(listener.mock.calls.filter(([event]) => event.type === "warning")).toEqual([
      [expect.objectContaining({ message })],
    ]);
  });

  it.each(["denied", "unreachable", "rate-limited"] as const)(
    "keeps its index entry if it is %s",
    async (kind) => {
      await anotherPushes(first, second);
      target.before("resolve tag", 1, () => {
        throw new SpackOciError("ERR_TEST", "not now", { kind });
      });
      const result = await merge({}, { rebuild: true });
      expect(result).toMatchObject({ outcome: "unchanged", specs: 2 });
      expect(result.skipped).toMatchObject([{ error: { kind } }]);
    },
  );

  it("fails if the buildcache is unreachable, rather than write an empty index", async () => {
    await copyImages(target, [first]);
    const error = new SpackOciError("ERR_TEST", "unreachable", { kind: "unreachable" });
    target.before("fetch", 1, () => {
      throw error;
    });
    await expect(merge()).rejects.toBe(error);
    expect(target.count("write index")).toBe(0);
  });

  it("ends with the signal's reason", async () => {
    await copyImages(target, [first]);
    const abort = new AbortController();
    target.before("fetch", 1, () => abort.abort(new Error("enough")));
    await expect(merge({}, { signal: abort.signal })).rejects.toThrow("enough");
  });
});

describe("beside other writers", () => {
  const moments = ["list tags", "push", "write index", "resolve index"] as const;
  it.each(moments.flatMap((asked) => [true, false].map((heeds) => ({ asked, heeds }))))(
    "loses nothing if another writer pushes before: $asked (conditions supported: $heeds)",
    async ({ asked, heeds }) => {
      target.heedsConditions = heeds;
      await anotherPushes(first);
      await copyImages(target, [second]);
      target.before(asked, 1, () => anotherPushes(third));
      await merge(add(second));
      expect(await indexed()).toEqual([first, second, third].sort());
    },
  );

  it("writes again if another writer overwrote its index", async () => {
    await anotherPushes(first);
    const stale = await target.resolve("index.spack");
    await copyImages(target, [second]);
    target.before("resolve index", 2, () => target.tag(stale, "index.spack"));
    pause.mockClear();
    expect(await merge(add(second))).toMatchObject({ outcome: "written", specs: 2 });
    expect(pause).toHaveBeenCalledOnce();
    expect(await indexed()).toEqual([first, second].sort());
  });

  it("keeps a package whose tag exists but is not listed yet", async () => {
    await anotherPushes(first, second);
    vi.spyOn(MemoryTarget.prototype, "tags").mockImplementation(async function* () {
      yield first;
    });
    try {
      expect(await merge()).toMatchObject({ outcome: "unchanged", specs: 2 });
      expect(await merge({}, { rebuild: true })).toMatchObject({ outcome: "unchanged", specs: 2 });
    } finally {
      vi.restoreAllMocks();
    }
  });

  it("retries a tag that was listed before it could be read", async () => {
    await copyImages(target, [first, second]);
    target.before("resolve tag", 1, () => {
      throw new SpackOciError("ERR_TEST", "not yet", { kind: "not-found" });
    });
    expect(await merge()).toMatchObject({ outcome: "written", specs: 2, skipped: [] });
    expect(await indexed()).toEqual([first, second].sort());
  });

  it.each([false, true])(
    "keeps another writer's entry for a tag that could not be read (rebuilding: %s)",
    async (rebuild) => {
      await copyImages(target, [first, second]);
      target.before("resolve tag", 1, () => {
        throw new SpackOciError("ERR_TEST", "not yet", { kind: "not-found" });
      });
      target.before("write index", 1, () => mergeIndex(target, {}, { scheduler }));
      expect(await merge({}, { rebuild })).toMatchObject({ specs: 2, skipped: [] });
      expect(await indexed()).toEqual([first, second].sort());
    },
  );

  it("gives up if others never stop", async () => {
    await copyImages(target, [first, second]);
    await mergeIndex(target, { ...add(first), remove: new Set([second]) }, { scheduler });
    const stale = await target.resolve("index.spack");
    for (let time = 1; time <= 40; time += 1)
      target.before("resolve index", time, () => target.tag(stale, "index.spack"));
    await expect(merge(add(second))).rejects.toMatchObject({ code: "ERR_INDEX_BUSY", kind: "conflict" });
  });

  it("drops the condition if a target rejects a correct one", async () => {
    await anotherPushes(first);
    await copyImages(target, [second]);
    const push = target.push.bind(target);
    const rejection = new SpackOciError("ERR_OCI_TAG_MOVED", "somebody else", { kind: "conflict" });
    target.push = async (descriptor, body, options) => {
      if (options?.replacing !== undefined) throw rejection;
      return push(descriptor, body, options);
    };
    expect(await merge(add(second))).toMatchObject({ outcome: "written", specs: 2 });
  });
});
