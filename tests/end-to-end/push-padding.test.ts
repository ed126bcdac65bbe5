// A push from a store that is not padded into a buildcache of padded packages: warned of before anything is sent.

import { expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { buildStore, compiler } from "../support/built-store.js";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { packageTagsIn, startEmptyMirror, startMirror } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";

const scratch = scratchDirectory("push-padding");
const WARNING = /come from roots of 128 characters[\s\S]*has only \d+\.[\s\S]*padded_length 128/;

const push = (mirror: string, root: string, ...args: string[]) =>
  spackOci(["push", mirror, "notes", "--store", root, ...args]);

it.skipIf(compiler === undefined)("warns, and names the fix", async () => {
  const { root } = await buildStore(`${scratch}/short`);
  const { registry, repository, mirror } = await startMirror();
  const before = packageTagsIn(repository).length;
  const refused = await push(mirror, root, "--strict");
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(WARNING) });
  expect(registry.requests.filter(({ method }) => !["GET", "HEAD"].includes(method))).toEqual([]);
  // The tags, whether there is an install tree, and one package.
  expect(registry.requests.length).toBeLessThanOrEqual(8);
  const warned = await push(mirror, root);
  expect(warned).toMatchObject({ status: 0, stderr: expect.stringMatching(WARNING) });
  expect(packageTagsIn(repository)).toHaveLength(before + 1);
  await registry.close();
});

it.skipIf(compiler === undefined)(
  "says nothing if the roots are as long, or nothing is there yet",
  async () => {
    const { root } = await buildStore(`${scratch}/long`, 200);
    const { registry, mirror } = await startMirror();
    const empty = await startEmptyMirror();
    const { root: short } = await buildStore(`${scratch}/other`);
    const runs = [
      await push(mirror, root, "--strict"),
      await push(empty.mirror, short, "--strict"),
      await push(empty.mirror, short, "--strict", "--force"),
      await spackOci([
        "push",
        mirror,
        "notes",
        "--store",
        short,
        "--relocate-to",
        "/opt/x",
        "--padded-length",
        "128",
      ]),
      await spackOci([
        "push",
        `oci-layout:${fixture("oci-layout-main")}`,
        "--store",
        extractSampleStore(),
        "--dry-run",
      ]),
    ];
    for (const run of runs) {
      expect(run.status).toBe(0);
      expect(run.stderr).not.toContain("come from roots");
    }
    await registry.close();
    await empty.registry.close();
  },
);
