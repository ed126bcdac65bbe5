// Runs rivals in turn, and tells what each takes in the middle of its runs.
import { execFileSync } from "node:child_process";
import { scratchDirectory } from "../../support/scratch.js";
import { median } from "./median.js";
import { type Cost, runCommand, type ShellCommand } from "./run-command.js";

/** One way of doing the work of a case. */
export interface Rival {
  readonly name: string;
  /** Makes everything ready for one run, which is not measured; says what is run then. */
  readonly prepare: () => Promise<ShellCommand> | ShellCommand;
  /** How many bytes its last run made, where that is of interest. */
  readonly size?: () => Promise<number>;
}

/** What the runs of one rival took: medians, or why there are none. */
export interface Measurement {
  readonly name: string;
  readonly cost?: Cost;
  readonly size?: number;
  /** The first line of what went wrong. */
  readonly failure?: string;
}

/** What has become of a rival so far. */
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
  /** Has the system write out what was written before, so that it does not do so at the expense of a run. */
  readonly syncs?: boolean;
}

/**
 * Runs all rivals `rounds` times, one after the other in each round, so that a machine whose speed drifts treats them alike.
 * A rival that fails is out; the others go on.
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

/** Runs a command that makes something ready; nobody wants to know what it costs. */
export async function runUnmeasured(command: ShellCommand): Promise<void> {
  await runCommand(command, home);
}

/** What is told of an error in a table: the first line that sounds like one. */
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
