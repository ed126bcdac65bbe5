// Options and results of spack-oci check.

import type { CheckResult, Finding } from "@spack-oci/buildcache";
import { expect, it } from "vitest";
import { checkCommand, renderCheck } from "../../src/commands/check.js";
import { flagsOf, parse } from "../support/parse.js";
import { BY_POLICY, VERIFY_FLAGS } from "../support/signature-options.js";

const finding = (severity: Finding["severity"]): Finding => ({
  tag: "t",
  what: "a blob is gone",
  kind: "missing-blob",
  severity,
  hint: "Push it.",
});

const result = (...severities: readonly Finding["severity"][]): CheckResult => ({
  packages: 1,
  tags: 2,
  content: { blobs: 3, bytes: 4000 },
  findings: severities.map(finding),
});

it("has these options, in this order", () => {
  expect(flagsOf(checkCommand)).toEqual(["--deep", ...VERIFY_FLAGS]);
});

it("has defaults and takes specs", async () => {
  expect(await parse(checkCommand, "m")).toEqual({ mirror: "m", specs: [], deep: false, ...BY_POLICY });
  expect(await parse(checkCommand, "m", "a", "--deep", "b")).toEqual({
    mirror: "m",
    specs: ["a", "b"],
    deep: true,
    ...BY_POLICY,
  });
});

it("counts what it checked", () => {
  const lines = (deep: boolean) => renderCheck(result(), deep).lines;
  const counts = "Errors: 0, warnings: 0, unknown: 0.";
  expect(lines(false)).toEqual(["Checked 1 package in 2 tags; looked up 3 blobs (4.0 kB).", counts]);
  expect(lines(true)).toEqual(["Checked 1 package in 2 tags; read 3 blobs (4.0 kB).", counts]);
});

it("lists findings with hints", () => {
  const { json, lines } = renderCheck(result("error", "warning"), false);
  expect(lines).toEqual([
    ...["error: t (missing-blob): a blob is gone", "  Push it."],
    ...["warning: t (missing-blob): a blob is gone", "  Push it."],
    "Checked 1 package in 2 tags; looked up 3 blobs (4.0 kB).",
    "Errors: 1, warnings: 1, unknown: 0.",
  ]);
  expect(json).toEqual({
    packages: 1,
    tags: 2,
    blobs: 3,
    bytes: 4000,
    findings: [finding("error"), finding("warning")],
  });
});

it.each([
  [0, []],
  [0, ["warning"]],
  [6, ["warning", "unknown"]],
  [5, ["unknown", "error"]],
] as const)("ends with %i for %j", (status, severities) => {
  expect(renderCheck(result(...severities), false).status).toBe(status);
});
