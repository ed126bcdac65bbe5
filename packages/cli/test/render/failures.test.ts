// The failures of a run in a few lines.

import { SpackOciError } from "@spack-oci/errors";
import { expect, it } from "vitest";
import { failureLines, packageFailures } from "../../src/render/failures.js";

const zlib = { name: "zlib", version: "1.3", hash: "abcdefghijkl" };
const app = { name: "app", version: "2", hash: "k7m2x5q9w3rt" };

function failed(name: string, message: string) {
  return { name, error: new SpackOciError("ERR_X", message, { kind: "failed" }) };
}

it("names packages, why they failed, and what was skipped", () => {
  const { error } = failed("zlib", "no room\nfor the rest");
  const failures = packageFailures([
    { package: zlib, outcome: "failed", error },
    { package: app, outcome: "skipped", because: zlib },
    { package: app, outcome: "done", bytes: 1, seconds: 1 },
  ]);
  expect(failureLines(failures)).toEqual([
    "Failed: zlib@1.3/abcdefg: no room",
    "Skipped, because their dependencies failed: app@2/k7m2x5q.",
  ]);
});

it("is empty if nothing failed", () => {
  expect(failureLines(packageFailures([{ package: app, outcome: "present" }]))).toEqual([]);
});

it("shortens reasons, but not inside a path, and long lists", () => {
  const padded = `/o/${"__spack_path_placeholder__/".repeat(12)}lib: no room for the rest of it`;
  const many = Array.from({ length: 12 }, (_, index) => `p${index}`);
  const lines = failureLines({
    failed: [failed("a", padded), ...many.slice(1).map((name) => failed(name, "word ".repeat(80)))],
    skipped: many,
  });
  expect(lines[0]).toBe(`Failed: a: ${padded.split(" ")[0]} ...`);
  expect(lines[1]).toBe(`Failed: p1: ${"word ".repeat(33)}...`);
  expect(lines.slice(10)).toEqual([
    "Failed: 2 more.",
    "Skipped, because their dependencies failed: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more.",
  ]);
});
