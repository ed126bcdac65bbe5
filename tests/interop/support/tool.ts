// Runs other programs on what this project wrote.

import { execFile } from "node:child_process";
import { describe } from "vitest";
import { onPath } from "../../support/on-path.js";

/** How a program ended, and what it wrote. */
export interface ToolRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program, and returns its status. */
export function tool(program: string, ...args: string[]): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 64 * 1024 * 1024, env: { PATH: process.env["PATH"], HOME: "/nonexistent" } };
    execFile(program, args, options, (error, stdout, stderr) => {
      const status = error === null ? 0 : error.code;
      if (typeof status !== "number") reject(error);
      else resolve({ status, stdout, stderr });
    });
  });
}

/** Runs a program that must succeed. @returns its output */
export async function output(program: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await tool(program, ...args);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

/** Runs its tests only if all the programs are on PATH. */
export function describeWithTools(...programs: string[]): typeof describe.sequential {
  const missing = programs.filter((program) => onPath(program) === undefined);
  if (missing.length > 0) {
    console.log(
      `skipped: tests with ${programs.join(" and ")}, because ${missing.join(" and ")} is not on PATH`,
    );
  }
  return describe.skipIf(missing.length > 0);
}
