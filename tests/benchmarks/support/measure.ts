// Runs rivals in turn, each as a process of its own, and reports what each run took.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { scratchDirectory } from "../../support/scratch.js";

/** One way of doing the work of a case. */
export interface Rival {
  readonly name: string;
  /** Makes everything ready for one run, which is not measured; says what is run then, as a shell's command line. */
  readonly prepare: (round: number) => Promise<ShellCommand> | ShellCommand;
}

/** A command line for bash, and the variables that it needs. */
export interface ShellCommand {
  readonly script: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** What a run took. */
interface Cost {
  readonly seconds: number;
  /** User and system time of all its processes. */
  readonly processorSeconds: number;
  /** Of its largest process, in MiB. */
  readonly peakMemory: number;
}

/** Medians of what the runs of one rival took. */
export interface Measurement extends Cost {
  readonly name: string;
}

const home = scratchDirectory("benchmark");

/**
 * Runs all rivals `rounds` times, one after the other in each round, so that a machine whose speed drifts treats them alike.
 *
 * @throws Error where a run fails: a failure is no measurement
 */
export async function measure(rivals: readonly Rival[], rounds: number): Promise<Measurement[]> {
  const costs = rivals.map((): Cost[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, rival] of rivals.entries()) {
      const command = await rival.prepare(round);
      costs[index]?.push(await run(command));
    }
  }
  return rivals.map(({ name }, index) => ({ name, ...medians(costs[index] ?? []) }));
}

async function run({ script, environment }: ShellCommand): Promise<Cost> {
  const report = `${home}/time`;
  rmSync(report, { force: true });
  const child = spawn(
    "/usr/bin/time",
    ["-o", report, "-f", "%e %U %S %M", "bash", "-o", "pipefail", "-c", script],
    {
      env: { PATH: process.env["PATH"], HOME: home, ...environment },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const status = await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${complaint}`);
  const [seconds = 0, user = 0, system = 0, kibibytes = 0] = readFileSync(report, "utf8")
    .split(/\s+/)
    .map(Number);
  return { seconds, processorSeconds: user + system, peakMemory: kibibytes / 1024 };
}

function medians(costs: readonly Cost[]): Cost {
  return {
    seconds: median(costs.map((cost) => cost.seconds)),
    processorSeconds: median(costs.map((cost) => cost.processorSeconds)),
    peakMemory: median(costs.map((cost) => cost.peakMemory)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
