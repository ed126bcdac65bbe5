// Showing a package of the buildcache that Spack wrote.

import { describe, expect, it } from "vitest";
import { createScheduler } from "../../../src/schedule/scheduler.js";
import { show } from "../../../src/verbs/show/show.js";
import { fixtureLayout } from "../../support/image.js";

const run = { scheduler: createScheduler(4) };

describe("show", () => {
  it("reads the image, the tree of runtime dependencies, and where the package was built", async () => {
    const shown = await show(fixtureLayout, { spec: "margo-lite" }, { run });
    expect(shown.tag).toBe(`margo-lite-0.18.3-${shown.node.hash}.spack`);
    expect(shown.layers.at(-1)).toEqual(shown.layer);
    expect(shown.tree.map(({ node, depth }) => [node.name, depth])).toEqual([
      ["margo-lite", 0],
      ["argobots-lite", 1],
      ["gcc-runtime", 2],
      ["glibc", 3],
      ["json-c-lite", 1],
      ["libfabric-lite", 1],
      ["mercury-lite", 1],
    ]);
    // One layer for each package but the external one, in the image of the package itself.
    const sizes = shown.tree.flatMap(({ size }) => size ?? []).sort((a, b) => a - b);
    expect(sizes).toEqual(shown.layers.map(({ size }) => size).sort((a, b) => a - b));
    expect(shown.place).toMatchObject({ unpaddedRoot: "/tmp/spackA/opt", paddedLength: 128 });
    expect(shown.place?.prefix).toMatch(new RegExp(`/margo-lite-0.18.3-${shown.node.hash}$`));
    expect(shown.spackVersion).toMatch(/^1\.2\.0/);
    expect(shown.environment.join("\n")).toMatch(/^PATH=.*margo-lite/m);
    expect(shown.files).toBeUndefined();
  });

  it("lists the members of the layer on request", async () => {
    const { files = [], place } = await show(fixtureLayout, { spec: "json-c-lite", files: true }, { run });
    const prefix = place?.prefix.slice(1);
    expect(files.at(-1)?.name).toBe(`${prefix}/.spack/binary_distribution`);
    const link = files.find(({ name }) => name === `${prefix}/lib/libjson-c.so`);
    expect(link).toMatchObject({ type: "symlink", size: 0, target: "libjson-c.so.5" });
    const header = files.find(({ name }) => name === `${prefix}/include/json-c/json.h`);
    expect(header).toMatchObject({ type: "file", mode: 0o644, size: 34, target: "" });
  });

  it.each([
    ["argobots-lite", "ERR_SPEC_AMBIGUOUS"],
    ["zlib", "ERR_SPEC_NOT_FOUND"],
    ["json-c-lite margo-lite", "ERR_USAGE"],
  ])("rejects %s, which does not name exactly one package", async (spec, code) => {
    await expect(show(fixtureLayout, { spec }, { run })).rejects.toMatchObject({ code });
  });
});
