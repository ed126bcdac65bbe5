// The summary of a job and its annotations, from results of commands, and what hostile names do to them.

import { describe, expect, it } from "vitest";
import { markdownCode, markdownText, workflowCommand } from "../../packaging/github/escape.mjs";
import { readOutcome } from "../../packaging/github/outcome.mjs";
import { annotationsOf, sentence, summaryOf } from "../../packaging/github/summary.mjs";
import { annotationsIn } from "../support/github-runner/workflow-commands.js";

const run = { command: "push", mirror: "oci://ghcr.io/me/cache", seconds: 75.4, isDryRun: false };
const node = (name: string, more = {}) => ({
  name,
  version: "1.0",
  hash: "abcdefghijklmnopqrstuvwxyz234567",
  ...more,
});
const error = { code: "ERR_DENIED", kind: "denied", message: "403 from ghcr.io", hint: "Log in." };
const pushResult = {
  planned: [],
  pushed: [node("margo", { bytes: 1_234_567 })],
  present: [node("zlib", { tag: "x" }), node("json-c", { tag: "y" })],
  absent: [node("gone")],
  failed: [node("broken", { error })],
  skipped: [node("above", { because: node("broken") })],
  index: { outcome: "written", specs: 3, skipped: [{ tag: "odd.spack", error }] },
};

describe("the outcome of a push", () => {
  const outcome = readOutcome("push", pushResult, 4);

  it("is one line in the log", () => {
    expect(sentence(outcome, run)).toBe(
      "Pushed 1 package (1.2 MB); 2 already present; 2 failed; 1 skipped; index written, 3 specs; 1 min 15 s.",
    );
  });

  it("is a summary", () => {
    expect(summaryOf(outcome, run)).toMatchInlineSnapshot(`
      "### spack-oci push <code>oci&#58;//ghcr.io/me/cache</code>

      Pushed 1 package (1.2 MB); 2 already present; 2 failed; 1 skipped; index written, 3 specs; 1 min 15 s.

      | Failed | Problem | What to do |
      | --- | --- | --- |
      | <code>broken&#64;1.0/abcdefg</code> | 403 from ghcr.io (<code>ERR&#95;DENIED</code>) | Log in. |
      | <code>gone&#64;1.0/abcdefg</code> | The package is not installed and was not pushed. |  |

      | Warning | Problem | What to do |
      | --- | --- | --- |
      | <code>odd.spack</code> | 403 from ghcr.io (<code>ERR&#95;DENIED</code>) | Log in. |

      Skipped, because their dependencies failed: <code>above&#64;1.0/abcdefg</code>

      | Pushed | Size |
      | --- | --- |
      | <code>margo&#64;1.0/abcdefg</code> | 1.2 MB |

      <details><summary>Already present: 2</summary>

      <code>zlib&#64;1.0/abcdefg</code>, <code>json-c&#64;1.0/abcdefg</code>

      </details>

      "
    `);
  });

  it("is annotations", () => {
    expect(annotationsIn(annotationsOf(outcome, run).join("\n"))).toEqual([
      {
        level: "error",
        title: "spack-oci push broken@1.0/abcdefg ERR_DENIED",
        message: "403 from ghcr.io\nLog in.",
      },
      {
        level: "error",
        title: "spack-oci push gone@1.0/abcdefg",
        message: "The package is not installed and was not pushed.",
      },
      {
        level: "warning",
        title: "spack-oci push odd.spack ERR_DENIED",
        message: "403 from ghcr.io\nLog in.",
      },
    ]);
  });
});

describe("other documents", () => {
  it.each([
    ["list", [node("zlib"), node("margo")], 0, "2 packages; 1 s."],
    [
      "update-index",
      { outcome: "written", specs: 7, added: [], removed: [] },
      0,
      "Index written, 7 specs; 1 s.",
    ],
    [
      "prune",
      { outcome: "pruned", deleted: ["a", "b"], failed: [], absent: ["c"] },
      0,
      "Deleted 2 tags; 1 s.",
    ],
    ["pull", { pulled: [node("zlib", { bytes: 900 })], present: [] }, 0, "Pulled 1 package (900 B); 1 s."],
    [
      "copy",
      {
        destinations: [
          { copied: [{ tag: "a", bytes: 5 }], present: [] },
          { copied: [], present: ["a"] },
        ],
      },
      0,
      "Copied 1 tag (5 B); 1 already present; 1 s.",
    ],
    ["push", { error }, 4, "1 failed; 1 s."],
    ["push", undefined, 137, "1 failed; 1 s."],
  ])("of %s", (command, document, status, expected) => {
    expect(sentence(readOutcome(command, document, status), { ...run, command, seconds: 1 })).toBe(expected);
  });

  it("says what a dry run would do", () => {
    const outcome = readOutcome(
      "push",
      { ...pushResult, pushed: [], failed: [], absent: [], skipped: [], planned: [node("a")] },
      0,
    );
    expect(sentence(outcome, { ...run, isDryRun: true })).toContain(
      "Would have pushed 1 package; 2 already present",
    );
  });

  it("reports the findings of check by their severity", () => {
    const finding = (severity: string) => ({ tag: "t", what: "w", kind: "k", severity, hint: "h" });
    const outcome = readOutcome("check", { findings: ["error", "warning", "unknown"].map(finding) }, 5);
    expect([outcome.failures.length, outcome.warnings.length]).toEqual([1, 2]);
  });
});

describe("hostile names", () => {
  const hostile =
    "a|b`c`<img src=x onerror=alert(1)>[x](http://evil)@octocat\n::error::gone\r\u202e**b** www.evil.org #1 $x$";

  it("are text in Markdown", () => {
    const text = markdownText(hostile);
    expect(text.replaceAll(/&#\d+;/g, "")).not.toMatch(/[^\w ./=]|www\.|_/);
    // A browser reads the same characters, but for those that cannot be seen.
    const shown = text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    expect(shown).toBe(hostile.replaceAll(/[\n\r\u202e]+/g, " "));
    expect(markdownCode("a|b")).toBe("<code>a&#124;b</code>");
  });

  it("stay in their cell of a table", () => {
    const outcome = readOutcome("push", { pushed: [node(hostile)], present: [] }, 0);
    const row = summaryOf(outcome, run)
      .split("\n")
      .filter((line) => line.includes("octocat"));
    expect(row).toHaveLength(1);
    expect(row[0]?.match(/\|/g)).toHaveLength(3);
  });

  it("stay in their annotation", () => {
    const line = workflowCommand("error", { title: hostile, message: `${hostile} 100%25` });
    expect(line).not.toMatch(/[\n\r]/);
    expect(annotationsIn(line)).toEqual([{ level: "error", title: hostile, message: `${hostile} 100%25` }]);
  });
});

it("limits the rows of a table and the annotations", () => {
  const failed = Array.from({ length: 300 }, (_, at) =>
    node(`p${at}`, { error: { ...error, message: "m".repeat(9000) } }),
  );
  const outcome = readOutcome("push", { pushed: [], present: [], failed }, 1);
  const summary = summaryOf(outcome, run);
  expect(summary).toContain("100 more are in the log or the JSON file.");
  expect(summary.length).toBeLessThan(2 ** 20);
  expect(annotationsOf(outcome, run)).toHaveLength(10);
});
