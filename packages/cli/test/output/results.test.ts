// What verbs return, as JSON.
import type { MergeIndexResult, PackageResult } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { expect, it } from "vitest";
import { describeFailures, failuresToJson, indexToJson, packageToJson } from "../../src/output/results.js";

const zlib = { name: "zlib", version: "1", hash: "a" };
const app = { name: "app", version: "2", hash: "b" };
const error = new SpackOciError("ERR_X", "words", { kind: "corrupt" });
const results: PackageResult[] = [
  { package: zlib, outcome: "failed", error },
  { package: app, outcome: "skipped", because: zlib },
  { package: app, outcome: "done", bytes: 1, seconds: 1 },
];

it("gives every package the same shape", () => {
  expect(packageToJson({ ...zlib, prefix: "/opt" } as typeof zlib)).toEqual(zlib);
});

it("tells failed from skipped packages", () => {
  expect(failuresToJson(results)).toEqual({
    failed: [{ ...zlib, error: { code: "ERR_X", kind: "corrupt", message: "words" } }],
    skipped: [{ ...app, because: zlib }],
  });
  expect(describeFailures(results)).toBe("; 1 failed, 1 were skipped");
  expect(describeFailures(results.slice(0, 1))).toBe("; 1 failed");
  expect(describeFailures(results.slice(2))).toBe("");
});

it("tells what an index holds, or why it could not be written", () => {
  const json = { code: "ERR_X", kind: "corrupt", message: "words" };
  const nodes = { added: [zlib] as unknown as MergeIndexResult["added"], removed: [] };
  expect(indexToJson({ outcome: "written", specs: 2, ...nodes, skipped: [{ tag: "t", error }] })).toEqual({
    outcome: "written",
    specs: 2,
    added: [zlib],
    removed: [],
    skipped: [{ tag: "t", error: json }],
  });
  expect(indexToJson({ outcome: "failed", error })).toEqual({ outcome: "failed", error: json });
});
