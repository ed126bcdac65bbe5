// Options and results of spack-oci sign.

import type { SignedTag } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { expect, it } from "vitest";
import { renderSign, signCommand } from "../../src/commands/sign.js";
import { flagsOf, parse } from "../support/parse.js";

const digest = "sha256:0" as const;

it("has these options, in this order", () => {
  expect(flagsOf(signCommand)).toEqual([
    "--key <file>",
    "--keyless",
    "--signature-format <format>",
    "--only-package",
    "--dry-run",
  ]);
});

it("has defaults and takes specs", async () => {
  expect(await parse(signCommand, "m", "zlib", "--key", "k")).toEqual({
    mirror: "m",
    specs: ["zlib"],
    key: "k",
    keyless: false,
    signatureFormat: "bundle",
    onlyPackage: false,
    dryRun: false,
  });
});

it("counts what was signed, and exits with the status of what failed", () => {
  const error = new SpackOciError("ERR_X", "It is broken.", { kind: "corrupt" });
  const tags: readonly SignedTag[] = [
    { tag: "a", outcome: "signed", digest },
    { tag: "b", outcome: "present", digest },
    { tag: "c", outcome: "failed", error },
  ];
  const { lines, status, json } = renderSign({ tags, index: undefined }, "the key k");
  expect(lines).toEqual([
    "Failed: c: It is broken.",
    "Signed 1 of 3 packages with the key k; 1 already signed, 1 failed.",
  ]);
  expect(status).toBe(5);
  expect(json).toMatchObject({
    signed: [{ tag: "a", digest }],
    present: [{ tag: "b" }],
    failed: [{ tag: "c" }],
  });
});

it("lists what a dry run would sign", () => {
  const { lines } = renderSign(
    { tags: [{ tag: "a", outcome: "planned", digest }], index: undefined },
    "the key k",
  );
  expect(lines).toEqual(["would sign a"]);
});
