// Runs one command and prints its result or its error.

import { asSpackOciError, createScheduler, openSession } from "@spack-oci/buildcache";
import { filterPadding } from "@spack-oci/spack-store";
import type { CommandContext } from "./declaration/command-context.js";
import type { GlobalValues } from "./options/common.js";
import { sessionOptions } from "./options/spack.js";
import type { Console } from "./process/console.js";
import { EXIT_STATUS, statusOf } from "./process/exit-status.js";
import { isInterruption } from "./process/uncaught-error.js";
import { renderFinalError, renderStack } from "./render/error.js";
import { errorToJson, printJson } from "./render/json.js";
import { createProgress } from "./render/progress.js";
import type { CommandResult } from "./render/result.js";
import { packageVersion } from "./version.js";

/** @returns the exit status */
export async function runCommand(
  command: (context: CommandContext) => Promise<CommandResult>,
  globals: GlobalValues,
  console: Console,
): Promise<number> {
  const progress = createProgress(console.stderr);
  try {
    const { environment, mirrors: registries, host, signal, stdout } = console;
    const { listener } = progress;
    const session = openSession({
      ...sessionOptions(globals),
      environmentVariables: environment,
      host,
      registries: { userAgent: `spack-oci/${packageVersion()}`, ...registries },
      listener,
    });
    const result = await command({
      session,
      run: { scheduler: createScheduler(globals.jobs), listener, signal },
      readSecret: console.readSecret ?? (async () => ""),
      prompt: console.prompt,
      confirm: console.confirm,
      json: globals.json,
      columns: stdout.isTTY === true ? stdout.columns : undefined,
      color: stdout.isTTY === true && !environment["NO_COLOR"],
    });
    progress.finish();
    if (globals.json) printJson(console, result.json);
    else printLines(console, result);
    return result.status;
  } catch (thrown) {
    progress.finish();
    if (isInterruption(console.signal)) {
      console.stderr.write("spack-oci: interrupted; run the same command again to resume\n");
      return EXIT_STATUS.interrupted;
    }
    const { aborted, reason } = console.signal;
    const error = asSpackOciError(aborted ? reason.cause : thrown);
    // The process prints what stopped the command.
    if (!aborted) {
      const text = `spack-oci: ${renderFinalError(error)}\n${renderStack(error, console.environment)}`;
      console.stderr.write(filterPadding(text));
    }
    if (globals.json) printJson(console, { error: errorToJson(error) });
    return statusOf(error.kind);
  }
}

function printLines({ stdout }: Console, { lines, shortensPadding = false }: CommandResult): void {
  for (const line of lines) stdout.write(`${shortensPadding ? filterPadding(line) : line}\n`);
}
