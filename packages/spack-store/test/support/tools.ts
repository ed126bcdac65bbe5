// Checks for programs that some tests need, and reports missing ones.

import { spawnSync } from "node:child_process";

/** Whether `program` can be run; if not, says that `what` is skipped. */
export function hasTool(program: string, what: string): boolean {
  const found = spawnSync(program, ["--version"]).error === undefined;
  if (!found) console.log(`skipped: ${what}, because there is no ${program}`);
  return found;
}

/** Runs a Python script and gives its standard output. */
export function runPython(script: string, args: readonly string[] = [], input = ""): string {
  const run = spawnSync("python3", ["-c", script, ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}
