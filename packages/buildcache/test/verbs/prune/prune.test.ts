// What a prune deletes, and when it deletes nothing.

import { MemoryTarget } from "@spack-oci/oci-client";
import { beforeEach, expect, it, vi } from "vitest";
import { INDEX_TAG } from "../../../src/package-image/tags.js";
import { readIndex } from "../../../src/package-index/read-index.js";
import { prune } from "../../../src/verbs/prune/prune.js";
import type { PruneRequest } from "../../../src/verbs/prune/prune-request.js";
import { updateIndex } from "../../../src/verbs/update-index/update-index.js";
import { copyImages, fixtureTag, fixtureTags, pushImage } from "../../support/image.js";
import { type RecordedRun, recordedRun } from "../../support/run.js";

let target: MemoryTarget;
let run: RecordedRun;
beforeEach(async () => {
  target = new MemoryTarget("cache");
  run = recordedRun();
  await copyImages(target, await fixtureTags());
  await pushImage(target, "latest", "{}");
  await updateIndex(target, {}, { run: recordedRun() });
});

function pruneAll(request: Partial<PruneRequest> = {}) {
  const keep = ["json-c-lite"];
  return prune(target, { environments: [], keep, confirm: async () => true, ...request }, { run });
}

async function tags(): Promise<string[]> {
  const found: string[] = [];
  for await (const tag of target.tags()) found.push(tag);
  return found;
}

it("deletes all packages that no kept one needs, and updates the index", async () => {
  const kept = [await fixtureTag("gcc-runtime"), await fixtureTag("json-c-lite")];
  const { outcome, deleted, failed, index } = await pruneAll();
  expect({ outcome, failed }).toEqual({ outcome: "pruned", failed: [] });
  expect(await tags()).toEqual([...kept, INDEX_TAG, "latest"].sort());
  expect(deleted).toHaveLength((await fixtureTags()).length - kept.length);
  expect(index).toMatchObject({ specs: 2 });
  const read = await readIndex(target);
  expect(read?.packages.map(({ name }) => name)).toEqual(["gcc-runtime", "json-c-lite"]);
});

it("removes packages from the index before their tags", async () => {
  const before: number[] = [];
  const deleteTags = target.deleteTags.bind(target);
  target.deleteTags = async (gone, options) => {
    const index = await readIndex(target);
    before.push(index === undefined ? -1 : index.packages.length);
    return deleteTags(gone, options);
  };
  await pruneAll();
  expect(before).toEqual([2]);
});

it("only plans in a dry run, without asking", async () => {
  const confirm = vi.fn();
  const all = await tags();
  const { outcome, plan } = await pruneAll({ dryRun: true, confirm });
  expect(outcome).toBe("planned");
  expect(plan.toDelete).toHaveLength((await fixtureTags()).length - 2);
  expect(confirm).not.toHaveBeenCalled();
  expect(await tags()).toEqual(all);
});

it("deletes nothing if it is declined", async () => {
  const all = await tags();
  const digest = (await target.resolve(INDEX_TAG)).digest;
  expect(await pruneAll({ confirm: async () => false })).toMatchObject({ outcome: "declined", deleted: [] });
  expect(await tags()).toEqual(all);
  expect((await target.resolve(INDEX_TAG)).digest).toBe(digest);
});

it("needs a confirmation", async () => {
  await expect(pruneAll({ confirm: undefined })).rejects.toMatchObject({
    code: "ERR_DELETION_UNCONFIRMED",
    message: expect.stringMatching(
      /^18 tags of memory:cache are not needed by any kept package, and would be/,
    ),
  });
});

it("asks nothing if everything is kept", async () => {
  const confirm = vi.fn();
  expect(await pruneAll({ olderThan: new Date("2000-01-01"), confirm })).toMatchObject({
    outcome: "nothing",
  });
  expect(confirm).not.toHaveBeenCalled();
});

it("writes no index if the buildcache has none", async () => {
  await target.delete({ tag: INDEX_TAG });
  expect((await pruneAll()).index).toBeUndefined();
  expect(await tags()).not.toContain(INDEX_TAG);
});
