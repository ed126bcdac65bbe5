// A whole store goes through every kind of buildcache, with the same result as through Spack's own.

import { mkdtempSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import type { PrefixDescription } from "../support/describe-prefix.js";
import { fixture } from "../support/fixtures.js";
import { registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { describeStore, leftovers } from "../support/store-tree.js";

// Short, because one package has the path of its sbang in a program.
const home = mkdtempSync("/tmp/r");
afterAll(() => rmSync(home, { recursive: true, force: true }));
const root = `${home}/o`;
const layouts = scratchDirectory("round-trip-layout");
let expected: Map<string, PrefixDescription>;

/** The text of a build info may differ, and contains the path of the Spack that pushed. */
const BUILD_INFO = ".spack/binary_distribution";

function contentOf(directory: string): Map<string, PrefixDescription> {
  const store = describeStore(directory);
  for (const { entries } of store.values()) delete entries[BUILD_INFO];
  return store;
}

type Open = () => Promise<{ mirror: string; close: () => Promise<void> }>;

const mirrors: [string, Open][] = [
  ["an image layout", async () => ({ mirror: `oci-layout:${layouts}/new`, close: async () => {} })],
  ...registries.map(([name, start]): [string, Open] => [
    name,
    async () => {
      const registry = await start();
      return { mirror: registry.location("round/trip"), close: () => registry.stop() };
    },
  ]),
];

beforeAll(async () => {
  const run = await spackOci(["pull", `oci-layout:${fixture("oci-layout-main")}`, "--root", root]);
  expect(run.status).toBe(0);
  expected = contentOf(root);
  expect(expected.size).toBe(20);
});

describe.each(mirrors)("%s", (_name, open) => {
  let mirror: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ mirror, close } = await open());
  });
  afterAll(() => close());

  it("is not created by a dry run", async () => {
    const run = await spackOci(["push", mirror, "--store", extractSampleStore(), "--dry-run"]);
    expect(run).toMatchObject({ status: 0 });
    expect(run.stdout.trim().split("\n")).toHaveLength(20);
    expect(await spackOci(["list", mirror])).toMatchObject({
      status: expect.toSatisfy((n) => n === 0 || n === 3),
    });
  });

  it("receives one package, then everything else without sending that again", async () => {
    const push = ["push", mirror, "--store", extractSampleStore(), "--json"];
    const one = (await spackOci([...push, "json-c-lite"])).json<Record<string, unknown[]>>();
    const all = (await spackOci([...push, "--update-index"])).json<Record<string, unknown[]>>();
    expect(all["present"]).toHaveLength(one["pushed"]?.length ?? 0);
    expect((one["pushed"]?.length ?? 0) + (all["pushed"]?.length ?? 0)).toBe(20);
    const list = await spackOci(["list", mirror, "--json"]);
    expect(list.json<unknown[]>()).toHaveLength(20);
  });

  it("gives the same installs as Spack's own buildcache", async () => {
    const run = await spackOci(["pull", mirror, "--root", root, "--force"]);
    expect(run).toMatchObject({ status: 0 });
    expect(contentOf(root)).toEqual(expected);
    expect(leftovers(root)).toEqual([]);
  });

  it("has an up-to-date index", async () => {
    const run = await spackOci(["update-index", mirror]);
    expect(run).toMatchObject({
      status: 0,
      stdout: "Kept the index with 20 packages: 0 added, 0 removed; 0 tags could not be read.\n",
    });
  });
});
