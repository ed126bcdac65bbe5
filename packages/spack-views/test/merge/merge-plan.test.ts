// Trees are merged as by Spack: the same directories and files in the same order, and the same conflicts.

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { compareWithDestination } from "../../src/merge/destination.js";
import type { MergeConflict } from "../../src/merge/merge-conflict.js";
import { MergePlan, type PlannedEntry } from "../../src/merge/merge-plan.js";

/** Path, type, and target of a link. */
type TreeEntry = readonly [string, "dir" | "file" | "link", string?];

interface MergeCase {
  readonly trees: readonly {
    readonly name: string;
    readonly projection: string;
    readonly entries: readonly TreeEntry[];
  }[];
  readonly view: readonly TreeEntry[];
  readonly ignoresMetadata: boolean;
  readonly ignoresCase: boolean;
  readonly directories: readonly (readonly string[])[];
  readonly files: readonly (readonly string[])[];
  readonly fileConflicts: readonly (readonly string[])[];
  readonly fatalConflicts: readonly (readonly string[])[];
}

const cases = JSON.parse(
  readFileSync(
    fileURLToPath(new URL("../../../../tests/fixtures/oracles/views/merge.json", import.meta.url)),
    "utf8",
  ),
) as MergeCase[];

it.each(cases.map((each, index) => [index, each] as const))("merges case %i", async (_, each) => {
  const base = scratchDirectory("merge");
  for (const { name, entries } of [...each.trees, { name: "view", entries: each.view }])
    makeTree(base, name, entries);
  const plan = new MergePlan({
    isIgnored: (path) => each.ignoresMetadata && path.split("/").at(-1) === ".spack",
    ignoresCase: each.ignoresCase,
  });
  for (const { name, projection } of each.trees) await plan.add(join(base, name), projection);
  await compareWithDestination(join(base, "view"), plan);

  const portable = (text: string) => text.replace(base, "@BASE@");
  const entries = (planned: Iterable<PlannedEntry>) =>
    [...planned].map(({ path, source, sourcePath }) => [path, portable(source), sourcePath]);
  const conflicts = (found: readonly MergeConflict[]) =>
    found.map(({ path, first, second }) => [path, portable(first), portable(second)]);
  expect({
    directories: entries(plan.directories),
    files: entries(plan.files),
    fileConflicts: conflicts(plan.fileConflicts),
    fatalConflicts: conflicts(plan.fatalConflicts),
  }).toEqual({
    directories: each.directories,
    files: each.files,
    fileConflicts: each.fileConflicts,
    fatalConflicts: each.fatalConflicts.map((conflict) => conflict.map(withoutPlace)),
  });
});

it("has cases of every kind", () => {
  expect(cases.filter(({ fileConflicts }) => fileConflicts.length > 0).length).toBeGreaterThan(10);
  expect(cases.filter(({ fatalConflicts }) => fatalConflicts.length > 0).length).toBeGreaterThan(10);
  expect(cases.filter(({ ignoresCase }) => ignoresCase).length).toBeGreaterThan(10);
});

it("takes a link into a loop for a file", async () => {
  const base = scratchDirectory("merge");
  makeTree(base, "p", [["loop", "link", "loop"]]);
  const plan = new MergePlan();
  await plan.add(join(base, "p"), "");
  expect([...plan.files].map(({ path }) => path)).toEqual(["loop"]);
});

/** In some messages Spack repeats the path in front of a directory of a projection. */
function withoutPlace(path: string): string {
  return path.replace(/^.*\/(?=<projection>\/)/, "");
}

function makeTree(base: string, name: string, entries: readonly TreeEntry[]): void {
  const root = join(base, name);
  mkdirSync(root);
  for (const [path, type, target = ""] of entries) {
    if (type === "dir") mkdirSync(join(root, path), { recursive: true });
    else if (type === "file") writeFileSync(join(root, path), "");
    else symlinkSync(target.replace("@BASE@", base), join(root, path));
  }
}
