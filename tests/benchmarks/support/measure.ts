// Runs rivals in turn, and reports the median cost of each.

import { execFileSync } from "node:child_process";
import { scratchDirectory } from "../../support/scratch.js";
import { median } from "./median.js";
import { type Cost, runCommand, type ShellCommand } from "./run-command.js";

/** One way of doing the work of a case. */
export interface Rival {
  readonly name: string;
  /** Prepares one run, unmeasured, and returns the command to run. */
  readonly prepare: () => Promise<ShellCommand> | ShellCommand;
  /** The size of its last run's output in bytes, if it matters. */
  readonly size?: () => Promise<number>;
}

/** The medians of one rival's runs, or why they are missing. */
export interface Measurement {
  readonly name: string;
  readonly cost?: Cost;
  readonly size?: number;
  /** The first line of the error. */
  readonly failure?: string;
}

/** The runs of a rival so far. */
interface Run {
  readonly rival: Rival;
  readonly costs: Cost[];
  size?: number | undefined;
  failure?: string;
}

const home = scratchDirectory("benchmark");

/** How rivals are measured. */
interface MeasureOptions {
  readonly rounds: number;
  /** Flushes pending writes before each run, so that they do not slow it down. */
  readonly syncs?: boolean;
}

/**
 * Runs all rivals `rounds` times, one after another in each round, so that drifting machine speed affects them equally.
 * A rival that fails is dropped; the others continue.
 */
export async function measure(
  rivals: readonly Rival[],
  { rounds, syncs = false }: MeasureOptions,
): Promise<Measurement[]> {
  const runs = rivals.map((rival): Run => ({ rival, costs: [] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const run of runs.filter(({ failure }) => failure === undefined)) {
      try {
        const command = await run.rival.prepare();
        if (syncs) execFileSync("sync");
        run.costs.push(await runCommand(command, home));
        if (round === rounds - 1) run.size = await run.rival.size?.();
      } catch (error) {
        console.error(`${run.rival.name} failed:`, error);
        run.failure = firstLine(error);
      }
    }
  }
  return runs.map(({ rival: { name }, costs, size, failure }) => {
    if (failure !== undefined) return { name, failure };
    return { name, cost: medians(costs), ...(size === undefined ? {} : { size }) };
  });
}

/** Runs a command without measuring it. */
export async function runUnmeasured(command: ShellCommand): Promise<void> {
  await runCommand(command, home);
}

/** The line of an error to show in a table: the first one that looks like an error. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.trim().split("\n");
  const line = lines.find((each) => /error|failed|cannot/i.test(each)) ?? lines[0] ?? "";
  return line.replaceAll("|", "\\|").slice(0, 160);
}

function medians(costs: readonly Cost[]): Cost {
  return {
    seconds: median(costs.map((cost) => cost.seconds)),
    processorSeconds: median(costs.map((cost) => cost.processorSeconds)),
    peak: median(costs.map((cost) => cost.peak)),
  };
}
