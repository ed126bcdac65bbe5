// Runs the real command in a separate process, for tests of what only happens to processes.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { otherCommand, program, startOf } from "./tested-command.js";

/** How a process ended. */
export interface ProcessEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running process. */
export interface CommandProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<ProcessEnd>;
}

/** Builds the command from the current sources, unless another one is tested. */
export function buildCommand(): void {
  if (otherCommand !== undefined) return;
  const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const project = fileURLToPath(new URL("../../packages/cli", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-b", project], { encoding: "utf8" });
  if (status !== 0) throw new Error(`building the command failed: ${stdout}`);
}

/**
 * @param environment all environment variables except PATH
 * @param file the command, if not the one that {@link buildCommand} builds
 */
export function startCommand(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  file: string = program,
): CommandProcess {
  const [command, ...first] = startOf(file);
  const child = spawn(command, [...first, ...args], {
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, ended: endOf(child) };
}

/** Runs a shell command line in which `$SPACK_OCI` is the command. */
export function runShell(script: string, environment: NodeJS.ProcessEnv = {}): Promise<ProcessEnd> {
  const child = spawn("bash", ["-c", script], {
    env: {
      PATH: process.env["PATH"],
      HOME: "/nonexistent",
      SPACK_OCI: startOf().join(" "),
      ...environment,
    },
  });
  return endOf(child);
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}
