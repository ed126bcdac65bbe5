// Parses the command line, runs one verb, renders what it returns, and answers with an exit status.

import { setMaxListeners } from "node:events";
import { asSpackOciError, createScheduler, type MirrorOptions, Session } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { CommanderError } from "commander";
import type { CommandContext, CommandResult } from "./commands/command-context.js";
import { exitStatus, statusOf } from "./exit-status.js";
import type { CommonOptions } from "./grammar/common.js";
import { createProgress, type ProgressStream } from "./output/progress.js";
import { errorToJson, renderError } from "./output/render-error.js";
import { createProgram } from "./program.js";
import { type SpackOptions, sessionOptions } from "./spack-options.js";
import { packageVersion } from "./version.js";

/** What the command line talks to; the process itself by default. */
export interface Console {
  readonly stdout: { readonly isTTY?: boolean | undefined; write(text: string): unknown };
  readonly stderr: ProgressStream;
  readonly environment: NodeJS.ProcessEnv;
  /** Asks for a secret without showing it. */
  readonly readSecret?: ((prompt: string) => Promise<string>) | undefined;
  /** Asks a question that is answered with yes or no; left out where there is nobody to answer. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** How registries are spoken to; with the usual patience by default. */
  readonly mirrors?: MirrorOptions | undefined;
}

/**
 * @param args the arguments after the program's name
 * @returns the exit status
 */
export async function main(args: readonly string[], console: Console): Promise<number> {
  let status: number = exitStatus.done;
  const program = createProgram(packageVersion(), async (options, command) => {
    status = await runCommand(options, command, console);
  });
  const output = {
    writeOut: (text: string) => void console.stdout.write(text),
    writeErr: (text: string) => void console.stderr.write(text),
  };
  for (const each of [program, ...program.commands]) each.exitOverride().configureOutput(output);
  try {
    await program.parseAsync(args, { from: "user" });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitStatus.done;
    if (args.includes("--json")) {
      const message = error.message.replace(/^error: /, "");
      const usage = new SpackOciError("ERR_USAGE", message, { kind: "usage", cause: error });
      printJson(console, { error: errorToJson(usage) });
    }
    return exitStatus.usage;
  }
}

async function runCommand(
  options: CommonOptions & SpackOptions,
  command: (context: CommandContext) => Promise<CommandResult>,
  console: Console,
): Promise<number> {
  const progress = createProgress(console.stderr);
  try {
    const { environment, mirrors: registries, signal, stdout } = console;
    const { listener } = progress;
    // Every request under way listens to it, and there may be many.
    setMaxListeners(0, signal);
    const session = new Session({
      ...sessionOptions(options),
      environmentVariables: environment,
      registries: { userAgent: `spack-oci/${packageVersion()}`, ...registries },
      listener,
    });
    const result = await command({
      session,
      scheduler: createScheduler(options.jobs ?? 1),
      listener,
      signal,
      readSecret: console.readSecret ?? (async () => ""),
      confirm: console.confirm,
      color: stdout.isTTY === true && !environment["NO_COLOR"],
    });
    progress.finish();
    if (options.json === true) printJson(console, result.json);
    else for (const line of result.lines) console.stdout.write(`${line}\n`);
    return result.status;
  } catch (thrown) {
    progress.finish();
    if (console.signal.aborted) {
      console.stderr.write("spack-oci: interrupted; run the same command again to go on\n");
      return exitStatus.interrupted;
    }
    const error = asSpackOciError(thrown);
    console.stderr.write(`spack-oci: ${renderError(error)}\n`);
    if (options.json === true) printJson(console, { error: errorToJson(error) });
    return statusOf(error.kind);
  }
}

function printJson({ stdout }: Console, document: unknown): void {
  stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
