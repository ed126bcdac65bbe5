// Who says for which install tree packages are packed: the mirror, the user's configuration, the command.
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
  it("leaves packages as they are where nobody wants anything else", async () => {
    expect(await resolveInstallTree(new MemoryTarget("m"), { remembered: remembering() })).toBeUndefined();
    expect(await resolveInstallTree(new MemoryTarget("m"), {})).toBeUndefined();
  });

  it("takes what is asked for, else what is remembered", async () => {
    const target = new MemoryTarget("m");
    expect(await resolveInstallTree(target, { asked: tree, remembered: remembering() })).toEqual({
      tree,
      isInMirror: false,
    });
    expect(await resolveInstallTree(target, { remembered: remembering(tree) })).toEqual({
      tree,
      isInMirror: false,
    });
    expect(await resolveInstallTree(target, { asked: tree, remembered: remembering(tree) })).toEqual({
      tree,
      isInMirror: false,
    });
    await expect(resolveInstallTree(target, { asked: other, remembered: remembering(tree) })).rejects.toEqual(
      conflict,
    );
  });

  it("believes the mirror first", async () => {
    const target = await mirrorWith(tree);
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });
    expect(await resolveInstallTree(target, { asked: tree, remembered: remembering(other) })).toEqual({
      tree,
      isInMirror: true,
    });
    await expect(
      resolveInstallTree(target, { asked: other, remembered: remembering(other) }),
    ).rejects.toEqual(conflict);
  });
});

describe("agreeing", () => {
  it("writes the tree into an empty mirror and into the configuration, and once only", async () => {
    const target = new MemoryTarget("m");
    const memory = remembering();
    await publishInstallTree(target, { tree, isInMirror: false, remembered: memory }, run);
    expect(memory.known).toBe(tree);
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });
    expect((await readIndex(target))?.records.size).toBe(0);
    const { digest } = (await resolveIndex(target)) ?? {};
    await publishInstallTree(target, { tree, isInMirror: true, remembered: memory }, run);
    await publishInstallTree(target, { tree, isInMirror: false, remembered: memory }, run);
    expect((await resolveIndex(target))?.digest).toBe(digest);
  });

  it("warns of a configuration that cannot be written", async () => {
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
      "The canonical install tree of memory:m is not kept in mirrors.json: read-only",
    ]);
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });
  });

  it("notices that another pusher settled something else meanwhile", async () => {
    const target = await mirrorWith(other);
    const memory = remembering();
    await expect(
      publishInstallTree(target, { tree, isInMirror: false, remembered: memory }, run),
    ).rejects.toEqual(conflict);
    expect(memory.known).toBeUndefined();
  });
});

describe("a merge of the index", () => {
  it("keeps the tree and whatever else is said, whether or not there is something to add", async () => {
    const target = await mirrorWith(tree);
    const [first, ...others] = await fixtureTags();
    await copyImages(target, [first ?? ""]);
    expect(await mergeIndex(target, {}, run)).toMatchObject({ outcome: "written", specs: 1 });
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });
    await copyImages(target, others);
    expect(await mergeIndex(target, { rebuild: true }, run)).toMatchObject({ specs: 20 });
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });
  });

  it("puts the tree back where a writer that does not know it dropped it, before and meanwhile", async () => {
    const target = await mirrorWith(tree);
    const specs = await fixtureSpecs();
    await copyImages(target, [...specs.keys()]);
    // As Spack does: an index of its own, without annotations.
    await writeIndex(target, [...specs.values()]);
    expect(await resolveInstallTree(target, { remembered: remembering(tree) })).toEqual({
      tree,
      isInMirror: false,
    });
    const change = { annotate: annotateInstallTree(target, tree) };
    expect(await mergeIndex(target, change, run)).toMatchObject({ outcome: "written", specs: 20 });
    expect(await resolveInstallTree(target, {})).toEqual({ tree, isInMirror: true });

    // A merge that has seen the tree writes it again, although its index was overwritten without.
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
    expect((await readIndex(target))?.records.size).toBeGreaterThanOrEqual(20);
  });
});
