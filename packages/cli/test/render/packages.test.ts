// Packages and what became of them, in JSON and in lines.

import type { PackageResult } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { expect, it } from "vitest";
import {
  describeFailures,
  failuresToJson,
  formatPackage,
  packageErrors,
  packageToJson,
} from "../../src/render/packages.js";

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

it("separates failed from skipped packages", () => {
  expect(failuresToJson(results)).toEqual({
    failed: [{ ...zlib, error: { code: "ERR_X", kind: "corrupt", message: "words" } }],
    skipped: [{ ...app, because: zlib }],
  });
  expect(describeFailures(results)).toBe("; 1 failed, 1 skipped");
  expect(describeFailures(results.slice(0, 1))).toBe("; 1 failed");
  expect(describeFailures(results.slice(2))).toBe("");
  expect(packageErrors(results)).toEqual([error]);
});

it("shortens hashes to seven characters in lines", () => {
  expect(formatPackage({ name: "zlib", version: "1.3", hash: "abcdefghijkl" })).toBe("zlib@1.3/abcdefg");
});
