// Options and results of spack-oci update-index.

import type { MergeIndexResult } from "@spack-oci/buildcache";
import { expect, it } from "vitest";
import { renderUpdateIndex, updateIndexCommand } from "../../src/commands/update-index.js";
import { FAILURE_JSON, failure, named, node } from "../support/packages.js";
import { flagsOf, parse } from "../support/parse.js";
import { INDEX_SIGN_FLAGS, UNSIGNED_INDEX } from "../support/signature-options.js";

const result = (outcome: MergeIndexResult["outcome"]): MergeIndexResult => ({
  outcome,
  specs: 3,
  added: [node("zlib")],
  removed: [],
  skipped: [],
});

it("has these options, in this order", () => {
  expect(flagsOf(updateIndexCommand)).toEqual(["--rebuild", ...INDEX_SIGN_FLAGS, "--dry-run"]);
});

it("has defaults and takes flags", async () => {
  expect(await parse(updateIndexCommand, "m")).toEqual({
    mirror: "m",
    rebuild: false,
    dryRun: false,
    ...UNSIGNED_INDEX,
  });
  expect(await parse(updateIndexCommand, "m", "--rebuild", "--dry-run")).toEqual({
    mirror: "m",
    rebuild: true,
    dryRun: true,
    ...UNSIGNED_INDEX,
  });
});

it.each([
  ["written", "Wrote"],
  ["unchanged", "Kept"],
  ["planned", "Would write"],
] as const)("describes an index that is %s", (outcome, verb) => {
  const { json, lines, status } = renderUpdateIndex(result(outcome));
  expect(lines).toEqual([`${verb} the index with 3 packages: 1 added, 0 removed; 0 tags could not be read.`]);
  expect(status).toBe(0);
  expect(json).toEqual({ outcome, specs: 3, added: [named("zlib")], removed: [], skipped: [] });
});

it("has the status of unreadable tags", () => {
  const skipped = [{ tag: "t", error: failure() }];
  const { json, lines, status } = renderUpdateIndex({ ...result("written"), skipped });
  expect(lines[0]).toMatch(/; 1 tag could not be read\.$/);
  expect(json).toMatchObject({ skipped: [{ tag: "t", error: FAILURE_JSON }] });
  expect(status).toBe(4);
});
