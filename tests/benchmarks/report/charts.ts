// The charts of docs/performance.md.

import { OURS } from "../cases/benchmark-case.js";
import { type Bar, barChart } from "./bar-chart.js";
import { type CaseResult, costOf } from "./result.js";
import { formatFactor } from "./table.js";

/** A chart, and its file in docs. */
interface Chart {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

export function charts(results: readonly CaseResult[]): readonly Chart[] {
  return [ratios(results), memory(results), summary(results)];
}

/** What Spack takes where there is no slow link to wait for, with or without `--full`: the picture of README. */
function summary(results: readonly CaseResult[]): Chart {
  const usual = results.filter(({ name, isLong = false }) => !isLong && !name.endsWith("-link"));
  const bars = usual.flatMap(({ name, title, measurements }): Bar[] => {
    const ours = costOf(results, name, OURS)?.seconds;
    const spack = measurements.find((each) => plain(each.name) === "Spack")?.cost?.seconds;
    if (ours === undefined || spack === undefined) return [];
    const value = spack / ours;
    return [{ label: title, value, text: formatFactor(value) }];
  });
  const title = "Time that Spack takes, relative to spack-oci";
  return { file: "performance-summary.svg", title, svg: barChart(title, bars, { value: 1, text: OURS }) };
}

function ratios(results: readonly CaseResult[]): Chart {
  const bars = results.flatMap((result): Bar[] => {
    const ours = costOf(results, result.name, OURS);
    return result.measurements.flatMap(({ name, cost }) => {
      if (ours === undefined || cost === undefined || name === OURS) return [];
      const value = cost.seconds / ours.seconds;
      return [{ label: `${result.name}: ${plain(name)}`, value, text: formatFactor(value) }];
    });
  });
  const title = "Time relative to spack-oci";
  return { file: "performance-ratios.svg", title, svg: barChart(title, bars, { value: 1, text: OURS }) };
}

function memory(results: readonly CaseResult[]): Chart {
  const bars = results.flatMap(({ name, measurements }): Bar[] =>
    measurements.flatMap((each) => {
      if (each.cost === undefined || !each.name.includes(OURS)) return [];
      const megabytes = each.cost.peak / 1e6;
      const label = each.name === OURS ? name : `${name}: ${plain(each.name)}`;
      return [{ label, value: megabytes, text: megabytes.toFixed(0) }];
    }),
  );
  const title = "Peak memory of spack-oci, MB";
  return { file: "performance-memory.svg", title, svg: barChart(title, bars, { value: 200, text: "200" }) };
}

/** Without Markdown. */
function plain(name: string): string {
  return name.replaceAll(/[`\\]/g, "");
}
