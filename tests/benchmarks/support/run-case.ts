// Runs a case, and records failures.

import type { BenchmarkCase } from "../cases/benchmark-case.js";
import type { CaseResult } from "../report/result.js";
import { firstLine, measure } from "./measure.js";
import type { Surroundings } from "./surroundings.js";

/** Long cases are measured once. */
export async function runCase(each: BenchmarkCase, surroundings: Surroundings): Promise<CaseResult> {
  const { name, about, isLong = false } = each;
  const { settings } = surroundings;
  const rounds = isLong ? 1 : settings.rounds;
  const described = { name, title: each.title(settings), about, isLong, rounds };
  try {
    const rivals = await each.rivals(surroundings);
    return { ...described, measurements: await measure(rivals, { rounds, syncs: !settings.isQuick }) };
  } catch (error) {
    console.error(`${name} failed:`, error);
    return { ...described, measurements: [], failure: firstLine(error) };
  }
}
