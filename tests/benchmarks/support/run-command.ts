// Runs a command line in a separate process, and measures its cost.

import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { leaveBehind } from "./leavings.js";

/** A command line for bash, with its variables. */
export interface ShellCommand {
  readonly script: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** How often the script repeats the work; its cost is divided by this. */
  readonly repeats?: number;
  /**
   * A file into which the script writes the seconds and CPU seconds of what counts, if that is only a part of it.
   */
  readonly costFile?: string;
  /** Paths to remove after the run. */
  readonly leavings?: readonly string[];
}

/** The cost of a run. */
export interface Cost {
  readonly seconds: number;
  /** User and system time of all its processes. */
  readonly processorSeconds: number;
  /** The peak memory of its largest process, in bytes. */
  readonly peak: number;
}

/** Milliseconds after which a command is killed. */
const PATIENCE = 15 * 60_000;

/**
 * @param home the command's home directory
 * @throws Error if the command fails: a failure is not a measurement
 */
export async function runCommand(command: ShellCommand, home: string): Promise<Cost> {
  const { script, repeats = 1, costFile, leavings = [] } = command;
  const report = join(home, "time");
  try {
    const { status, complaint } = await runShell(command, home, report);
    if (status !== 0) throw new Error(`${complaint.trim() || "no output"}\n${script} ended with ${status}`);
    const [seconds = 0, user = 0, system = 0, kibibytes = 0] = readFileSync(report, "utf8")
      .split(/\s+/)
      .map(Number);
    return {
      seconds: seconds / repeats,
      processorSeconds: (user + system) / repeats,
      ...(costFile === undefined ? {} : readCost(costFile)),
      peak: kibibytes * 1024,
    };
  } finally {
    rmSync(report, { force: true });
    leaveBehind(leavings);
  }
}

function readCost(path: string): Pick<Cost, "seconds" | "processorSeconds"> {
  const { seconds, processorSeconds } = JSON.parse(readFileSync(path, "utf8"));
  return { seconds, processorSeconds };
}

async function runShell(
  { script, environment }: ShellCommand,
  home: string,
  report: string,
): Promise<{ status: unknown; complaint: string }> {
  const args = ["-o", report, "-f", "%e %U %S %M", "bash", "-o", "pipefail", "-c", script];
  const child = spawn("/usr/bin/time", args, {
    env: { PATH: process.env["PATH"], HOME: home, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
    // A separate process group, so that all of its processes can be killed.
    detached: true,
  });
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"), PATIENCE);
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  try {
    const status = await new Promise((resolve, reject) => {
      child.once("close", (code, signal) => resolve(code ?? signal)).once("error", reject);
    });
    return { status, complaint };
  } finally {
    clearTimeout(timer);
  }
}
