// A whole store goes into a registry that fails one request in five, and comes back from it as it was.

import { mkdtempSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import type { PrefixDescription } from "../support/describe-prefix.js";
import { fixture } from "../support/fixtures.js";
import { makeFlaky } from "../support/flaky-registry.js";
import { manifestIn, packageTagsIn, startEmptyMirror } from "../support/mirror.js";
import { seededRandom } from "../support/seeded-random.js";
import { describeStore, leftovers } from "../support/store-tree.js";

const seeds = Array.from({ length: Number(process.env["SOAK_SEEDS"] ?? 3) }, (_, i) => i + 1);
/** More patience than usual, in less time: with one request in five failing, six attempts may not be enough. */
const patient = { retry: { attempts: 15, firstWait: 1, maxWait: 10 } };
// Short, because one of the packages has the path of its sbang in a program.
const home = mkdtempSync("/tmp/k");
const root = `${home}/o`;
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The text of a build info may differ, and says where the Spack is that pushed. */
const BUILD_INFO = ".spack/binary_distribution";

function contentOf(directory: string): Map<string, PrefixDescription> {
  const store = describeStore(directory);
  for (const { entries } of store.values()) delete entries[BUILD_INFO];
  return store;
}

let expected: Map<string, PrefixDescription>;
beforeAll(async () => {
  const layout = `oci-layout:${fixture("oci-layout-main")}`;
  expect(await spackOci(["pull", layout, "--root", root])).toMatchObject({ status: 0 });
  expected = contentOf(root);
});

it.each(seeds)("seed %i", { timeout: 120_000 }, async (seed) => {
  const { registry, repository, mirror } = await startEmptyMirror({ pageSize: 5 });
  const forced = makeFlaky(registry, seededRandom(seed));
  const push = ["push", mirror, "--store", extractSampleStore(), "--update-index"];
  expect(await spackOci(push, { mirrors: patient })).toMatchObject({ status: 0 });
  const tags = packageTagsIn(repository);
  expect(tags).toHaveLength(expected.size);
  const uploads = registry.count("PUT", /uploads/);
  const blobs = [...tags, "index.spack"].flatMap((tag) => {
    const { config, layers } = manifestIn(repository, tag);
    return [config, ...layers].map(({ digest }) => digest);
  });
  expect(uploads).toBeLessThanOrEqual(new Set(blobs).size + forced.uploads);

  rmSync(root, { recursive: true });
  expect(await spackOci(["pull", mirror, "--root", root], { mirrors: patient })).toMatchObject({ status: 0 });
  expect(contentOf(root)).toEqual(expected);
  expect(leftovers(root)).toEqual([]);
  expect(forced.faults).toBeGreaterThan(10);
  const counts = `${forced.faults} faults in ${registry.requests.length} requests, ${uploads} uploads`;
  console.info(`soak: the sample store, seed ${seed}: ${counts}, nothing lost`);
  await registry.close();
});
