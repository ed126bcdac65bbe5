// Findings come from what check and audit print.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { readFindings } from "../../src/catalog/read-findings.js";

const scratch = scratchDirectory("read-findings");
const file = join(scratch, "findings.json");

describe("findings", () => {
  it("of check have tags and severities", () => {
    const finding = {
      tag: "zlib.spack",
      what: "It is gone.",
      kind: "tag-gone",
      severity: "error",
      hint: "Push it.",
    };
    writeFileSync(file, JSON.stringify({ packages: 1, findings: [finding] }));
    expect(readFindings(file)).toEqual([finding]);
  });

  it("of audit are warnings about roots, and what could not be read", () => {
    const about = {
      kind: "two-roots",
      root: "/opt",
      packages: 2,
      what: "There are two.",
      hint: "Push again.",
    };
    const unread = {
      tag: "x.spack",
      what: "No.",
      kind: "unreadable",
      severity: "unknown",
      hint: "Try again.",
    };
    writeFileSync(file, JSON.stringify({ findings: [about], unread: [unread] }));
    const { root, packages, ...rest } = about;
    expect(readFindings(file)).toEqual([{ ...rest, severity: "warning", tag: null }, unread]);
  });

  it.each(["", "[]", "null", '{"findings": {}}', '{"findings": [null]}', '{"findings": [{"what": 1}]}'])(
    "are not in %j",
    (text) => {
      writeFileSync(file, text);
      expect(() => readFindings(file)).toThrow(
        expect.objectContaining({ code: "ERR_SITE_FINDINGS", kind: "usage", place: file }),
      );
    },
  );

  it("need a file", () => {
    expect(() => readFindings(join(scratch, "missing"))).toThrow(/no such file/);
  });
});
