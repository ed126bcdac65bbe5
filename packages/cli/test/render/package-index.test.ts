// The result of writing a package index.

import type { MergeIndexResult } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { expect, it } from "vitest";
import { indexErrors, indexLines, indexToJson } from "../../src/render/package-index.js";

const zlib = { name: "zlib", version: "1", hash: "a" };
const error = new SpackOciError("ERR_X", "words", { kind: "corrupt" });
const failed = { outcome: "failed", error } as const;
const written = {
  outcome: "written",
  specs: 2,
  added: [zlib] as unknown as MergeIndexResult["added"],
  removed: [],
  skipped: [{ tag: "t", error }],
} as const;

it("describes an index, or the error that prevented writing it", () => {
  const json = { code: "ERR_X", kind: "corrupt", message: "words" };
  expect(indexToJson(written)).toEqual({
    outcome: "written",
    specs: 2,
    added: [zlib],
    removed: [],
    skipped: [{ tag: "t", error: json }],
  });
  expect(indexToJson(failed)).toEqual({ outcome: "failed", error: json });
});

it("prints a line only for an index that could not be written", () => {
  expect(indexLines(undefined)).toEqual([]);
  expect(indexLines(written)).toEqual([]);
  expect(indexLines(failed)).toEqual(["Could not write the index: words"]);
});

it("counts unreadable tags as errors", () => {
  expect(indexErrors(undefined)).toEqual([]);
  expect(indexErrors(written)).toEqual([error]);
  expect(indexErrors(failed)).toEqual([error]);
});
