// The charts of docs/performance.md.
import { OURS } from "../cases/benchmark-case.js";
import { type Bar, barChart } from "./bar-chart.js";
import { type CaseResult, costOf } from "./result.js";
import { formatFactor } from "./table.js";

/** What the charts are of; each is a file in docs. */
export function charts(results: readonly CaseResult[]): Readonly<Record<string, string>> {
  return { "performance-ratios.svg": ratios(results), "performance-memory.svg": memory(results) };
}

function ratios(results: readonly CaseResult[]): string {
  const bars = results.flatMap((result): Bar[] => {
    const ours = costOf(results, result.name, OURS);
    return result.measurements.flatMap(({ name, cost }) => {
      if (ours === undefined || cost === undefined || name === OURS) return [];
      const value = cost.seconds / ours.seconds;
      return [{ label: `${result.name}: ${plain(name)}`, value, text: formatFactor(value) }];
    });
  });
  return barChart("Time that others take, in times of spack-oci's", bars, { value: 1, text: OURS });
}

function memory(results: readonly CaseResult[]): string {
  const bars = results.flatMap(({ name, measurements }): Bar[] =>
    measurements.flatMap((each) => {
      if (each.cost === undefined || !each.name.includes(OURS)) return [];
      const megabytes = each.cost.peak / 1e6;
      const label = each.name === OURS ? name : `${name}: ${plain(each.name)}`;
      return [{ label, value: megabytes, text: megabytes.toFixed(0) }];
    }),
  );
  return barChart("The most memory that spack-oci has, MB", bars, { value: 200, text: "200" });
}

/** Without the marks of Markdown. */
function plain(name: string): string {
  return name.replaceAll(/[`\\]/g, "");
}
