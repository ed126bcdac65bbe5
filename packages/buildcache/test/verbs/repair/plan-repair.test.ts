// Which packages of a buildcache a repair would change.

import { MemoryTarget } from "@spack-oci/oci-client";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type InstallTree, installTree } from "../../../src/install-tree/install-tree.js";
import { planRepair } from "../../../src/verbs/repair/plan-repair.js";
import { copyImages, fixtureTag, fixtureTags, pushImage } from "../../support/image.js";
import { type RecordedRun, recordedRun } from "../../support/run.js";

/** The tree that the fixture's packages were packed in. */
const builders = installTree({ root: "/tmp/spackA/opt", paddedLength: 128 });
const other = installTree({ root: "/opt/software", paddedLength: 64 });

const mirror = new MemoryTarget("cache");
const broken = `broken-1-${"a".repeat(32)}.spack`;
let run: RecordedRun;
beforeAll(async () => copyImages(mirror, await fixtureTags(), true));
beforeEach(() => {
  run = recordedRun();
});

function plan(tree: InstallTree, ...specs: readonly string[]) {
  return planRepair(specs, { mirror, tree, run });
}

it("changes nothing if every package is in the install tree", async () => {
  const { todo, right, unread } = await plan(builders);
  expect(right.map(({ tag }) => tag)).toEqual(await fixtureTags());
  expect([...todo, ...unread]).toEqual([]);
  for (const item of right) {
    expect(item).toMatchObject({ isMisplaced: false, from: item.to });
    expect(item.to).toMatch(/^\/tmp\/spackA\/opt\/__spack_path_placeholder__/);
  }
});

describe("with another install tree", () => {
  it("changes every package, dependencies first", async () => {
    const { todo, right } = await plan(other);
    expect(right).toEqual([]);
    expect(todo.map(({ tag }) => tag).sort()).toEqual(await fixtureTags());
    const position = new Map(todo.map(({ node }, index) => [node.hash, index]));
    for (const { node, packages, from, to, isMisplaced } of todo) {
      expect(isMisplaced).toBe(true);
      expect([from?.startsWith(builders.store.root), to.startsWith(other.store.root)]).toEqual([true, true]);
      expect(packages.at(-1)).toBe(node.hash);
      for (const hash of packages) {
        expect(position.get(hash)).toBeLessThanOrEqual(position.get(node.hash) ?? -1);
      }
    }
  });

  it("considers only the named packages and their link and run dependencies", async () => {
    const { todo } = await plan(other, "json-c-lite");
    expect(todo.map(({ tag }) => tag)).toEqual([
      await fixtureTag("gcc-runtime"),
      await fixtureTag("json-c-lite"),
    ]);
    await expect(plan(other, "nothing")).rejects.toMatchObject({ code: "ERR_SPEC_NOT_FOUND" });
  });
});

it("also changes images with a layer of a misplaced package", async () => {
  // Only this package's prefix differs between the two trees.
  const projections = new Map([["json-c-lite", "elsewhere/{name}-{hash}"]]);
  const tree = installTree({ root: "/tmp/spackA/opt", paddedLength: 128, projections });
  const { todo, right } = await plan(tree);
  const json = todo.find(({ node }) => node.name === "json-c-lite");
  expect(json).toMatchObject({ isMisplaced: true });
  for (const { packages } of todo) expect(packages).toContain(json?.node.hash);
  for (const { packages } of right) expect(packages).not.toContain(json?.node.hash);
  expect(todo.length).toBeGreaterThan(1);
  expect(right.map(({ node }) => node.name)).toContain("gcc-runtime");
});

it("reports what cannot be read, and plans the others", async () => {
  await pushImage(mirror, broken, "{}");
  try {
    const { right, unread } = await plan(builders);
    expect(right).toHaveLength((await fixtureTags()).length);
    expect(unread).toEqual([expect.objectContaining({ tag: broken, kind: "foreign" })]);
    const checked = run.events.filter(({ type }) => type === "checked");
    expect(checked).toHaveLength((await fixtureTags()).length + 1);
  } finally {
    await mirror.delete({ tag: broken });
  }
});
