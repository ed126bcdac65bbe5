// Writes the results into docs: between two marks of performance.md, whose rest is written by hand, and as charts.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { charts } from "./charts.js";
import { goalsTable } from "./goals.js";
import { describeMachine } from "./machine.js";
import type { CaseResult } from "./result.js";
import { caseTable } from "./table.js";

const docs = fileURLToPath(new URL("../../../docs/", import.meta.url));
const [BEGIN, END] = ["<!-- measured: begin -->", "<!-- measured: end -->"];

/** Replaces the measured part of docs/performance.md and its charts. */
export function writeReport(results: readonly CaseResult[], rounds: number): void {
  const place = `${docs}performance.md`;
  const text = readFileSync(place, "utf8");
  const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`${place} lacks the marks ${BEGIN} and ${END}`);
  const start = text.slice(0, before + BEGIN.length);
  writeFileSync(place, `${start}\n\n${report(results, rounds)}\n\n${text.slice(after)}`);
  for (const { file, svg } of charts(results)) writeFileSync(`${docs}${file}`, svg);
}

function report(results: readonly CaseResult[], rounds: number): string {
  return [
    describeMachine(rounds),
    "### Goals",
    goalsTable(results),
    ...charts(results).map(({ file, title }) => `![${title}](${file})`),
    ...results.filter(({ measurements, failure }) => measurements.length > 0 || failure).map(caseTable),
  ].join("\n\n");
}
