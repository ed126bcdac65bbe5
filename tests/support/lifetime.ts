// Measures how long a process lives after its last output, while it waits for something that nobody needs.

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scratchDirectory } from "./scratch.js";

/**
 * Writes the milliseconds that the event loop has been idle since the last output, or since a signal. Time in which the
 * process wants to run and the machine is busy does not count.
 */
const WATCH = `
import { writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
let last = performance.eventLoopUtilization();
for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write;
  stream.write = (...args) => {
    last = performance.eventLoopUtilization();
    return write.apply(stream, args);
  };
}
let first;
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => { first ??= performance.eventLoopUtilization(); });
process.on("exit", () => {
  const { idle } = performance.eventLoopUtilization(first ?? last);
  const pending = process.getActiveResourcesInfo().join(", ");
  writeFileSync(process.env.LIFETIME_FILE, JSON.stringify({ idle, pending }));
});`;

/** How a process ended. */
interface Lifetime {
  readonly status: number | null;
  readonly output: string;
  /** Milliseconds of waiting after the last output, or after a signal. */
  readonly idle: number;
  /** What Node was waiting for, for messages. */
  readonly pending: string;
}

/** A process that is being watched. */
export interface WatchedProcess {
  readonly child: ChildProcess;
  /** What it has written so far. */
  output(): string;
  readonly ended: Promise<Lifetime>;
}

const directory = scratchDirectory("lifetime");
let count = 0;

/** @param environment all environment variables besides PATH */
export function watchCommand(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): WatchedProcess {
  count += 1;
  const file = join(directory, `${count}.json`);
  const preload = `--import=data:text/javascript,${encodeURIComponent(WATCH)}`;
  const child = spawn(process.execPath, [preload, program, ...args], {
    env: {
      PATH: process.env["PATH"],
      HOME: "/nonexistent",
      SPACK_OCI_CACHE: "off",
      ...environment,
      LIFETIME_FILE: file,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const ended = new Promise<Lifetime>((resolve, reject) => {
    child.once("error", reject);
    // Its own end counts: a helper that it left behind may hold the pipes.
    child.once("exit", (status) => {
      resolve({
        status,
        output,
        ...(JSON.parse(readFileSync(file, "utf8")) as Pick<Lifetime, "idle" | "pending">),
      });
    });
  });
  return { child, ended, output: () => output };
}
