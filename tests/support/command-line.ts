// Runs the command line inside this process, with streams that are kept. What `--json` prints must fit its schema. If
// SPACK_OCI_COMMAND names another command, that runs instead, except with options that no command line has.

import type { RegistryOptions, SessionOptions } from "@spack-oci/buildcache";
import { main } from "spack-oci";
import { type ProcessEnd, startCommand } from "./command-process.js";
import { requireSchema } from "./json-schemas.js";
import { otherCommand } from "./tested-command.js";

/** How a run ended, and what it wrote. */
export interface CommandRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The document that `--json` printed. */
  json<T>(): T;
}

export interface RunOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** The answer to a prompt for a secret. */
  readonly secret?: string;
  /** Answers prompts for text; without it, there is no terminal. */
  readonly prompt?: (question: string) => Promise<string>;
  /** Answers confirmations; without it, there is no terminal. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** By default {@link SHORT_WAITS}, if the command is that of the sources. */
  readonly mirrors?: RegistryOptions;
  /** The machine that packages are chosen for; by default one that runs the sample store, `this` for the real one. */
  readonly host?: SessionOptions["host"] | "this";
}

/** A machine of the kind that the sample store was built for, so that tests run on any other. */
const SAMPLE_HOST: SessionOptions["host"] = {
  platform: "linux",
  os: "debian12",
  target: { name: "x86_64_v4", family: "x86_64" },
};

/**
 * Waits before retries. A test whose registry never recovers asks for them, because another command waits as it does
 * for users: that takes minutes.
 */
export const SHORT_WAITS: RegistryOptions = { retry: { firstWait: 1, maxWait: 10 } };

export async function spackOci(args: readonly string[], options: RunOptions = {}): Promise<CommandRun> {
  if (otherCommand !== undefined && !isForThisProcess(options)) return runOtherCommand(args, options);
  let stdout = "";
  let stderr = "";
  const status = await main(args, {
    stdout: {
      write(text) {
        stdout += text;
      },
    },
    stderr: {
      write(text) {
        stderr += text;
      },
    },
    // Keeps the machine's credentials out.
    environment: options.environment ?? { HOME: "/nonexistent" },
    signal: options.signal ?? new AbortController().signal,
    prompt: options.prompt,
    confirm: options.confirm,
    readSecret: async () => options.secret ?? "",
    host: options.host === "this" ? undefined : (options.host ?? SAMPLE_HOST),
    mirrors: options.mirrors ?? SHORT_WAITS,
  });
  requireSchema(args, stdout);
  return { status, stdout, stderr, json: <T>() => JSON.parse(stdout) as T };
}

/** Whether options replace what a process of its own has: its terminal, its machine and its waits. */
function isForThisProcess({ secret, prompt, confirm, mirrors, host }: RunOptions): boolean {
  const isOnAnyMachine = host === undefined || host === "this";
  return [secret, prompt, confirm, mirrors].some((option) => option !== undefined) || !isOnAnyMachine;
}

async function runOtherCommand(args: readonly string[], options: RunOptions): Promise<CommandRun> {
  const { environment, signal } = options;
  const run = startCommand(args, { PATH: undefined, ...environment });
  const interrupt = () => run.child.kill("SIGINT");
  if (signal?.aborted) interrupt();
  signal?.addEventListener("abort", interrupt);
  const { status, signal: killedBy, stdout, stderr }: ProcessEnd = await run.ended;
  signal?.removeEventListener("abort", interrupt);
  if (status === null) throw new Error(`the command was ended by ${killedBy}: ${stderr}`);
  return { status, stdout, stderr, json: <T>() => JSON.parse(stdout) as T };
}
