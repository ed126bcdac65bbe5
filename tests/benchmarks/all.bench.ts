// Compares the command with other tools: runs the requested cases one after another (scripts/bench.mjs).

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chooseCases } from "./cases/all-cases.js";
import { goalsTable } from "./report/goals.js";
import { describeMachine } from "./report/machine.js";
import type { CaseResult } from "./report/result.js";
import { caseTable } from "./report/table.js";
import { writeReport } from "./report/write-report.js";
import { runCase } from "./support/run-case.js";
import { readSettings } from "./support/settings.js";
import { Surroundings } from "./support/surroundings.js";

const settings = readSettings(process.env);

describe.sequential("spack-oci and other tools", () => {
  const results: CaseResult[] = [];
  let surroundings: Surroundings;
  beforeAll(async () => {
    surroundings = await Surroundings.create(settings);
  });
  afterAll(async () => {
    await surroundings?.stop();
    if (settings.only === undefined && !settings.isQuick) writeReport(results, settings.rounds);
    else console.log(`${describeMachine(settings.rounds)}\n\n${goalsTable(results, "measured")}`);
  });

  it.each(chooseCases(settings))("$name", async (each) => {
    const result = await runCase(each, surroundings);
    results.push(result);
    console.log(`\n${caseTable(result)}`);
    expect([result, ...result.measurements].flatMap(({ failure }) => failure ?? [])).toEqual([]);
  });
});
