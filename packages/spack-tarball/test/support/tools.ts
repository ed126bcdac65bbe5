// Runs other tools if they are installed.

import { spawnSync } from "node:child_process";

/** Runs a tool to its end. Output is bytes. */
export function run(command: string, args: readonly string[], input?: Buffer | string): Buffer {
  const done = spawnSync(command, args, { input, maxBuffer: 1 << 30 });
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${done.stderr.toString()}`);
  return done.stdout;
}

/** Whether `command ...args` works here; otherwise prints a line that tests are skipped. */
export function available(command: string, ...args: readonly string[]): boolean {
  const done = spawnSync(command, args.length === 0 ? ["--version"] : args);
  const works = done.error === undefined && done.status === 0;
  if (!works)
    console.warn(`skipped: tests that need \`${[command, ...args].join(" ")}\`, which does not run here`);
  return works;
}
