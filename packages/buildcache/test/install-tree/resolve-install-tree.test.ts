// Which install tree a push uses: the buildcache's, the configuration's, or the requested one.

import { MemoryTarget } from "@spack-oci/oci-client";
import { describe, expect, it } from "vitest";
import type { BuildcacheEvent } from "../../src/events/events.js";
import { installTree } from "../../src/install-tree/install-tree.js";
import {
  annotateInstallTree,
  publishInstallTree,
  type RememberedInstallTree,
  resolveInstallTree,
} from "../../src/install-tree/resolve-install-tree.js";
import { mergeIndex } from "../../src/package-index/merge-index.js";
import { readIndex, resolveIndex } from "../../src/package-index/read-index.js";
import { writeIndex } from "../../src/package-index/write-index.js";
import { createScheduler } from "../../src/schedule/scheduler.js";
import { copyImages, fixtureSpecs, fixtureTags } from "../support/image.js";

const run = { scheduler: createScheduler(4) };
const tree = installTree({ root: "/opt/spack", paddedLength: 64 });
const other = installTree({ root: "/elsewhere" });
const conflict = expect.objectContaining({ code: "ERR_CANONICAL_TREE_CONFLICT", kind: "usage" });

function remembering(known?: typeof tree): RememberedInstallTree & { known: typeof known } {
  const memory = {
    known,
    place: "mirrors.json",
    read: () => memory.known,
    write: (now: typeof tree) => {
      memory.known = now;
    },
  };
  return memory;
}

async function mirrorWith(known: typeof tree): Promise<MemoryTarget> {
  const target = new MemoryTarget("mirror");
  await mergeIndex(target, { annotate: annotateInstallTree(target, known) }, run);
  return target;
}

describe("settling", () => {
  it("leaves packages as they are if no tree is specified", async () => {
    expect(await resolveInstallTree(new MemoryTarget("m"), { remembered: remembering() })).toBeUndefined();
    expect(await resolveInstallTree(new MemoryTarget("m"), {})).toBeUndefined();
  });

  it("uses the requested tree, else the remembered one", async () => {
    const target = new MemoryTarget("m");
    expect(await resolveInstallTree(target, { requested: tree, remembered: remembering() })).toEqual({
      tree,
      isInMirror: false,
    });
    expect(await resolveInstallTree(target, { remembered: remembering(tree) })).toEqual({
      tree,
      isInMirror: false,
    });
    expect(await resolveInstallTree(target, { requested: tree, remembered: remembering(tree) })).toEqual({
      tree,
      isInMirror: false,
    });
    await expect(
      resolveInstallTree(target, { requested: other, remembered: remembering(tree) }),
    ).rejects.toEqual(conflict);
  });

  it("gives precedence to the buildcache's record", async () => {
    const target = await mirrorWith(tree);
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });
    expect(await resolveInstallTree(target, { requested: tree, remembered: remembering(other) })).toEqual({
      tree,
      isInMirror: true,
    });
    await expect(
      resolveInstallTree(target, { requested: other, remembered: remembering(other) }),
    ).rejects.toEqual(conflict);
  });
});

describe("agreeing", () => {
  it("records the tree in an empty buildcache and in the configuration, once each", async () => {
    const target = new MemoryTarget("m");
    const memory = remembering();
    await publishInstallTree(target, { tree, isInMirror: false, remembered: memory }, run);
    expect(memory.known).toBe(tree);
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });
    expect((await readIndex(target))?.graph.size).toBe(0);
    const { digest } = (await resolveIndex(target)) ?? {};
    await publishInstallTree(target, { tree, isInMirror: true, remembered: memory }, run);
    await publishInstallTree(target, { tree, isInMirror: false, remembered: memory }, run);
    expect((await resolveIndex(target))?.digest).toBe(digest);
  });

  it("warns about an unwritable configuration", async () => {
    const target = new MemoryTarget("m");
    const write = () => {
      throw new Error("read-only");
    };
    const warnings: string[] = [];
    const listener = (event: BuildcacheEvent) => {
      if (event.type === "warning") warnings.push(event.message);
    };
    const memory = { ...remembering(), write };
    await publishInstallTree(target, { tree, isInMirror: false, remembered: memory }, { ...run, listener });
    expect(warnings).toEqual([
      "Could not record the install tree of memory:m in mirrors.json: Something unexpected went wrong: read-only.",
    ]);
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });
  });

  it("notices that another pusher recorded a different tree meanwhile", async () => {
    const target = await mirrorWith(other);
    const memory = remembering();
    await expect(
      publishInstallTree(target, { tree, isInMirror: false, remembered: memory }, run),
    ).rejects.toEqual(conflict);
    expect(memory.known).toBeUndefined();
  });
});

describe("a merge of the index", () => {
  it("keeps the tree and all other annotations, with and without changes to the index", async () => {
    const target = await mirrorWith(tree);
    const [first, ...others] = await fixtureTags();
    await copyImages(target, [first ?? ""]);
    expect(await mergeIndex(target, {}, run)).toMatchObject({ outcome: "written", specs: 1 });
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });
    await copyImages(target, others);
    expect(await mergeIndex(target, { rebuild: true }, run)).toMatchObject({ specs: 20 });
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });
  });

  it("restores a tree that another writer dropped, before or during the merge", async () => {
    const target = await mirrorWith(tree);
    const specs = await fixtureSpecs();
    await copyImages(target, [...specs.keys()]);
    // Like Spack: an index without annotations.
    await writeIndex(target, [...specs.values()]);
    expect(await resolveInstallTree(target, { remembered: remembering(tree) })).toEqual({
      tree,
      isInMirror: false,
    });
    const change = { annotate: annotateInstallTree(target, tree) };
    expect(await mergeIndex(target, change, run)).toMatchObject({ outcome: "written", specs: 20 });
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });

    // A merge that has seen the tree writes it again, even if another writer overwrote its index without the tree.
    await writeIndex(target, [...specs.values()].slice(1), { current: await resolveIndex(target) });
    let isOverwritten = false;
    const push = target.push.bind(target);
    target.push = async (descriptor, body, options) => {
      const outcome = await push(descriptor, body, options);
      if (options?.tag === "index.spack" && !isOverwritten) {
        isOverwritten = true;
        await writeIndex(target, [...specs.values()].slice(2));
      }
      return outcome;
    };
    await mergeIndex(target, { pause: async () => {} }, run);
    expect(isOverwritten).toBe(true);
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });
    expect((await readIndex(target))?.graph.size).toBeGreaterThanOrEqual(20);
  });
});
