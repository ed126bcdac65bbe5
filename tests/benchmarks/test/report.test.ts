// Tables and charts show what was measured.

import { describe, expect, it } from "vitest";
import { OURS } from "../cases/benchmark-case.js";
import { ELF_FILES, OLD_SIGNATURES } from "../cases/mach-o.js";
import { HASHING } from "../cases/mach-o-alone.js";
import { barChart } from "../report/bar-chart.js";
import { charts } from "../report/charts.js";
import { goalsTable } from "../report/goals.js";
import type { CaseResult } from "../report/result.js";
import { caseTable } from "../report/table.js";
import type { Measurement } from "../support/measure.js";

function result(name: string, ...measurements: Measurement[]): CaseResult {
  return { name, title: `Title of ${name}`, about: "About it.", rounds: 3, measurements };
}

function took(name: string, seconds: number, megabytes = 100, size?: number): Measurement {
  const cost = { seconds, processorSeconds: 2 * seconds, peak: megabytes * 1e6 };
  return { name, cost, ...(size === undefined ? {} : { size }) };
}

const goal = (results: readonly CaseResult[], what: string) =>
  goalsTable(results, "measured")
    .split("\n")
    .find((line) => line.includes(what));

describe("the table of a case", () => {
  it("shows how many times longer the others take", () => {
    const table = caseTable(result("push-large", took(OURS, 2, 120, 5e6), took("Spack", 13, 40, 4e6)));
    expect(table).toContain("| **spack-oci** | 2.00 |  | 4.00 |  | 120 | 5.0 |");
    expect(table).toContain("| Spack | 13.00 | 6.5 × | 26.00 | 6.5 × | 40 | 4.0 |");
    expect(table).toContain("npm run bench -- --only push-large");
  });

  it("shows failures", () => {
    const failed = { name: "Spack", failure: "no room" };
    expect(caseTable(result("push-few", failed, took("other", 1)))).toContain("| Spack | failed: no room |");
    expect(caseTable({ ...result("push-few"), failure: "no store" })).toContain("Failed: no store");
  });
});

describe("goals", () => {
  it("compare ratios within a case", () => {
    const slow = [result("push-few", took(OURS, 1), took("Spack", 4.9))];
    const quick = [result("push-few", took(OURS, 1), took("Spack", 5))];
    expect(goal(slow, "push of 20")).toContain("| 4.9 × | **no** |");
    expect(goal(quick, "push of 20")).toContain("| 5.0 × | yes |");
  });

  it("cover the size of the layer", () => {
    const larger = (size: number) => [
      result("push-large", took(OURS, 1, 1, size), took("Spack", 1, 1, 1000)),
    ];
    expect(goal(larger(1060), "its layer")).toContain("| 6.0 % | yes |");
    expect(goal(larger(1061), "its layer")).toContain("| 6.1 % | **no** |");
  });

  it("compare a copy with the best other tool", () => {
    const copies = [result("copy", took(OURS, 2, 90), took("crane", 4, 80), took("oras", 1, 100))];
    expect(goal(copies, "copy 1 GB")).toContain("| 2.0 × the best | **no** |");
    expect(goal(copies, "the same, memory")).toContain("| 90 MB | **no** |");
  });

  it("show what hashing alone takes beside signatures without digests to keep", () => {
    const rows = [took(OURS, 1.4), took(OLD_SIGNATURES, 4), took(ELF_FILES, 1), took(HASHING, 2)];
    const results = [result("mach-o-alone", ...rows)];
    expect(goal(results, "files alone")).toContain("| 1.40 × | yes |  |");
    expect(goal(results, "the same, without digests")).toContain("| 4.0 × | **no** | 2.0 × |");
  });

  it("compare starts with Node's, in milliseconds", () => {
    const starts = result(
      "start",
      took("`spack-oci --version`", 0.119),
      took("`spack-oci list`", 0.2),
      took("`node -e 0`", 0.04),
    );
    expect(goal([starts], "--version")).toContain("| 79 ms more | yes |");
    expect(goal([starts], "spack-oci list")).toContain("| 160 ms more | **no** |");
  });

  it("cover the memory of every case, and its growth", () => {
    const results = [result("push-large", took(OURS, 1, 150)), result("push-huge", took(OURS, 1, 201))];
    expect(goal(results, "peak memory in any other case")).toContain("| 201 MB (push-huge) | **no** |");
    expect(goal(results, "push of 2 GB")).toContain("| 51 MB more | **no** |");
  });

  it("are listed even if nothing was measured", () => {
    const rows = goalsTable([]).split("\n").slice(2);
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row).toContain("| not measured |  |");
    expect(goalsTable([], "measured").split("\n")).toHaveLength(2);
  });
});

describe("charts", () => {
  it("draw bars in proportion to a mark", () => {
    const bars = [
      { label: "a <b>", value: 4, text: "4 ×" },
      { label: "c", value: 1, text: "1 ×" },
    ];
    const chart = barChart("A & B", bars, { value: 2, text: "two" });
    const widths = [...chart.matchAll(/<rect x="\d+" y="\d+" width="([\d.]+)"/g)].map(([, width]) =>
      Number(width),
    );
    expect(widths).toHaveLength(2);
    expect((widths[0] ?? 0) / (widths[1] ?? 1)).toBeCloseTo(4, 1);
    expect(chart).toContain("a &lt;b&gt;");
    expect(chart).toContain("<title>A &amp; B</title>");
  });

  it("sum up what Spack takes", () => {
    const results = [
      result("list", took(OURS, 1), took("Spack", 3), took("skopeo", 2)),
      result("list-link", took(OURS, 1), took("Spack", 30)),
      { ...result("push-huge", took(OURS, 1), took("Spack", 4)), isLong: true },
      result("copy", took(OURS, 1), took("oras", 3)),
    ];
    const summary = charts(results).find(({ file }) => file === "performance-summary.svg")?.svg;
    expect(summary?.match(/<rect/g)).toHaveLength(1);
    expect(summary).toContain(">3.0 ×<");
  });

  it("leave failures out", () => {
    const results = [result("copy", took(OURS, 1), took("oras", 3), { name: "crane", failure: "no" })];
    const [ratios, memory] = charts(results).map(({ svg }) => svg);
    expect(ratios).toContain("copy: oras");
    expect(ratios).not.toContain("crane");
    expect(memory?.match(/<rect/g)).toHaveLength(1);
  });
});
