// Six processes of the bundle fill a store at the same time, and lose nothing: with the native code for Spack's locks
// that the bundle brings along, and without it.

import { cpSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { shortRoot } from "../interop/support/short-root.js";
import { buildBundle } from "../support/bundle.js";
import {
  comparableRecords,
  type PullReport,
  type PullTask,
  pullInProcess,
  SIX_PULLS,
} from "../support/concurrent-pulls.js";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { describeStore, leftovers } from "../support/store-tree.js";

const root = shortRoot();
const mirror = `oci-layout:${fixture("oci-layout-main")}`;
const program = join(scratchDirectory("many-pulls"), "spack-oci.cjs");
const alone = join(scratchDirectory("many-pulls-alone"), "spack-oci.cjs");
let expected: { readonly store: object; readonly records: object };
let everyHash: string[];

const hashesOf = (pulls: readonly PullReport[]) =>
  pulls.flatMap((each) => each.pulled.map(({ hash }) => hash)).sort();

const describeAll = () => ({ store: describeStore(root), records: comparableRecords(root) });

beforeAll(async () => {
  // Everything but node_modules, which has the native code.
  const bundle = dirname(buildBundle(dirname(program)));
  const isNative = (path: string) => basename(path) === "node_modules";
  cpSync(bundle, dirname(alone), { recursive: true, filter: (path) => !isNative(path) });
  // Sorted, so that the hash does not follow the name of another package.
  everyHash = hashesOf([await pullInProcess({ program, mirror, root }, SIX_PULLS.flat().sort())]);
  expected = describeAll();
  rmSync(root, { recursive: true });
}, 120_000);

describe.each([
  { locks: "Spack's locks", program, warns: false },
  { locks: "locks without native code", program: alone, warns: true },
])("six pulls at the same time, with $locks", ({ program: file, warns }) => {
  const task: PullTask = { program: file, mirror, root };
  let pulls: PullReport[];

  beforeAll(async () => {
    rmSync(root, { recursive: true, force: true });
    pulls = await Promise.all(SIX_PULLS.map((specs) => pullInProcess(task, specs)));
  }, 120_000);

  it("install every package once", () => {
    expect(pulls.map((each) => each.failed)).toEqual(SIX_PULLS.map(() => []));
    expect(hashesOf(pulls)).toEqual(everyHash);
  });

  it("write the records and files that one pull alone writes, and leave nothing else behind", () => {
    expect(describeAll()).toEqual(expected);
    expect(leftovers(root)).toEqual([]);
    expect(readdirSync(join(root, ".spack-db")).sort()).toEqual([
      "failures",
      "index.json",
      "index_verifier",
      "lock",
      "prefix_failures",
      "prefix_lock",
    ]);
  });

  it("warn once if Spack does not see their locks, and say what is at risk", () => {
    for (const { stderr } of pulls) {
      const warnings = stderr.match(/^warning: .*/gm) ?? [];
      expect(warnings).toEqual(warns ? [expect.stringMatching(/native code .* Do not run Spack/)] : []);
    }
  });
});
