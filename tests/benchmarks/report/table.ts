// The measurements of a case, as a Markdown table.

import { OURS } from "../cases/benchmark-case.js";
import type { Measurement } from "../support/measure.js";
import type { Cost } from "../support/run-command.js";
import type { CaseResult } from "./result.js";

const HEAD = [
  "| | seconds | | CPU seconds | | peak MB | layer MB |",
  "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
];

/** The section of a case. Factors are relative to the first rival. */
export function caseTable({ name, title, about, rounds, measurements, failure }: CaseResult): string {
  const once = rounds === 1 ? " Measured once." : "";
  const introduction = `### ${title}\n\n${about}${once} Repeat with \`npm run bench -- --only ${name}\`.`;
  if (failure !== undefined) return `${introduction}\n\nFailed: ${failure}`;
  const [first] = measurements;
  const rows = measurements.map((each) => row(each, each === first ? undefined : first?.cost));
  return [`${introduction}\n`, ...HEAD, ...rows].join("\n");
}

function row({ name, cost, size, failure }: Measurement, first: Cost | undefined): string {
  if (cost === undefined) return `| ${name} | failed: ${failure ?? "no run"} | | | | | |`;
  const factor = (of: "seconds" | "processorSeconds") =>
    first === undefined ? "" : `${formatFactor(cost[of] / first[of])}`;
  const cells = [
    name === OURS ? `**${name}**` : name,
    cost.seconds.toFixed(2),
    factor("seconds"),
    cost.processorSeconds.toFixed(2),
    factor("processorSeconds"),
    (cost.peak / 1e6).toFixed(0),
    size === undefined ? "" : (size / 1e6).toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Two significant digits. */
export function formatFactor(factor: number): string {
  return `${factor.toFixed(factor < 1.95 ? 2 : 1)} ×`;
}
