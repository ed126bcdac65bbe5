// Writes what was measured into docs/performance.md, between two marks; the rest of that file is written by hand.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { Measurement } from "./measure.js";

/** What a case measured: this project first, then its rivals. */
export interface CaseResult {
  readonly title: string;
  /** What it should reach, in words. */
  readonly aim: string;
  readonly measurements: readonly Measurement[];
  /** More figures of a rival, by its name. */
  readonly remarks?: Readonly<Record<string, string>>;
}

const place = fileURLToPath(new URL("../../../docs/performance.md", import.meta.url));
const [BEGIN, END] = ["<!-- measured: begin -->", "<!-- measured: end -->"];

/** Replaces the measured part of docs/performance.md. */
export function writeReport(cases: readonly CaseResult[], rounds: number): void {
  const text = readFileSync(place, "utf8");
  const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`${place} lacks the marks ${BEGIN} and ${END}`);
  const measured = [machine(rounds), ...cases.map(table)].join("\n\n");
  writeFileSync(place, `${text.slice(0, before + BEGIN.length)}\n\n${measured}\n\n${text.slice(after)}`);
}

function machine(rounds: number): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Medians of ${rounds} runs, taken in turn, on ${availableParallelism()} processors (${cpus()[0]?.model.trim()}), ${memory} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.`;
}

function table({ title, aim, measurements, remarks }: CaseResult): string {
  const [ours] = measurements;
  const rows = measurements.map((each) => {
    const ratio = (of: "seconds" | "processorSeconds") =>
      ours === undefined || each === ours ? "" : `${(each[of] / ours[of]).toFixed(1)} ×`;
    return `| ${[
      each.name,
      each.seconds.toFixed(2),
      ratio("seconds"),
      each.processorSeconds.toFixed(2),
      ratio("processorSeconds"),
      each.peakMemory.toFixed(0),
      remarks?.[each.name] ?? "",
    ].join(" | ")} |`;
  });
  const head =
    "| | seconds | | processor seconds | | peak MiB | |\n| --- | ---: | ---: | ---: | ---: | ---: | --- |";
  return `### ${title}\n\n${aim}\n\n${head}\n${rows.join("\n")}`;
}
