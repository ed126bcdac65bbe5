// The result of a case.

import type { BenchmarkCase } from "../cases/benchmark-case.js";
import type { Measurement } from "../support/measure.js";
import type { Cost } from "../support/run-command.js";

/** The measurements of a case. A case that could not start has a failure and no measurements. */
export interface CaseResult extends Pick<BenchmarkCase, "name" | "about" | "isLong"> {
  readonly title: string;
  readonly rounds: number;
  readonly measurements: readonly Measurement[];
  readonly failure?: string;
}

/** The cost of a rival in a case; undefined if it was not measured, or failed. */
export function costOf(results: readonly CaseResult[], name: string, rival: string): Cost | undefined {
  return measurementOf(results, name, rival)?.cost;
}

export function measurementOf(
  results: readonly CaseResult[],
  name: string,
  rival: string,
): Measurement | undefined {
  return results.find((result) => result.name === name)?.measurements.find((each) => each.name === rival);
}
