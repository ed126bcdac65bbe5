// How errors become findings, and what each kind of finding means.

import { type ErrorKind, SpackOciError } from "@spack-oci/errors";
import { expect, it } from "vitest";
import { findingOf } from "../../src/findings/error-finding.js";
import { finding } from "../../src/findings/finding.js";

const errorOf = (kind: ErrorKind) => new SpackOciError("ERR_X", "the reason", { kind, hint: "the hint" });

it.each([
  ["not-found", "missing-blob", "error"],
  ["corrupt", "corrupt", "error"],
  ["unsupported", "foreign", "warning"],
  ["unreachable", "unreadable", "unknown"],
  ["denied", "unreadable", "unknown"],
  ["rate-limited", "unreadable", "unknown"],
  ["conflict", "unreadable", "unknown"],
  ["failed", "unreadable", "unknown"],
] as const)("an error of kind %s is %s", (kind, expected, severity) => {
  expect(findingOf("a.spack", errorOf(kind), "missing-blob")).toMatchObject({
    tag: "a.spack",
    kind: expected,
    severity,
    what: "the reason",
  });
});

it("missing content is the kind of finding that the caller expects", () => {
  expect(findingOf("a", errorOf("not-found"), "tag-gone").kind).toBe("tag-gone");
});

it("the error's hint is kept if it may help, and replaced by how to restore the content if not", () => {
  expect(findingOf("a", errorOf("denied"), "tag-gone").hint).toBe("the hint");
  expect(findingOf("a", errorOf("unsupported"), "tag-gone").hint).toBe("the hint");
  expect(findingOf("a", errorOf("corrupt"), "tag-gone").hint).toMatch(/--force/);
});

it("a finding has the default hint of its kind unless it has its own", () => {
  expect(finding("not-in-index", { tag: "a", what: "x" })).toEqual({
    tag: "a",
    what: "x",
    kind: "not-in-index",
    severity: "warning",
    hint: `Run "spack-oci update-index" to update the package index.`,
  });
  expect(finding("not-in-index", { tag: "a", what: "x", hint: "y" }).hint).toBe("y");
});
