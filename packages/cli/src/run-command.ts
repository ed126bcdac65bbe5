// Runs one command and prints its result or its error.

import { asSpackOciError, createScheduler, type Listener, openSession } from "@spack-oci/buildcache";
import { keepNames } from "@spack-oci/buildcache/kept-names";
import type { SpackOciError } from "@spack-oci/errors";
import { filterPadding } from "@spack-oci/spack-store";
import type { CommandContext } from "./declaration/command-context.js";
import type { GlobalValues } from "./options/global.js";
import { sessionOptions } from "./options/spack.js";
import { usesColors } from "./process/colors.js";
import type { Console } from "./process/console.js";
import { EXIT_STATUS, statusOf } from "./process/exit-status.js";
import { isInterruption } from "./process/uncaught-error.js";
import { renderFinalError, renderStack } from "./render/error.js";
import { createReport, type Report } from "./render/report.js";
import type { CommandResult } from "./render/result.js";
import { wrapMessage } from "./render/wrap-message.js";
import { packageVersion } from "./version.js";

/** @returns the exit status */
export async function runCommand(
  command: (context: CommandContext) => Promise<CommandResult>,
  globals: GlobalValues,
  console: Console,
): Promise<number> {
  const report = createReport(globals, console);
  try {
    const result = await command(contextOf(globals, console, withStacks(report.listener, console)));
    report.result(result);
    await result.afterwards?.();
    return result.status;
  } catch (thrown) {
    return reportFailure(thrown, report, console);
  }
}

function contextOf(globals: GlobalValues, console: Console, listener: Listener): CommandContext {
  const { environment, mirrors: registries, host, signal, stdout } = console;
  const session = openSession({
    ...sessionOptions(globals),
    environmentVariables: environment,
    host,
    registries: { userAgent: `spack-oci/${packageVersion()}`, ...registries },
    listener,
  });
  return {
    session,
    run: {
      scheduler: createScheduler(globals.jobs),
      listener,
      signal,
      keepNames: (buildcache, index) => keepNames(environment, buildcache, index),
    },
    readSecret: console.readSecret ?? (async () => ""),
    prompt: console.prompt,
    confirm: console.confirm,
    json: globals.json || globals.jsonLines,
    columns: stdout.isTTY === true ? stdout.columns : undefined,
    color: usesColors({ setting: globals.color, environment, stream: stdout }),
  };
}

/** Adds the stack to each failure, for those who debug this program. */
function withStacks(listener: Listener, { stderr, environment }: Console): Listener {
  return (event) => {
    listener(event);
    if (event.type !== "done" || event.outcome !== "failed") return;
    const stack = renderStack(event.error, environment);
    if (stack !== "") stderr.write(filterPadding(stack));
  };
}

/** @returns the exit status */
function reportFailure(thrown: unknown, report: Report, console: Console): number {
  if (isInterruption(console.signal)) {
    report.interruption(EXIT_STATUS.interrupted);
    console.stderr.write("spack-oci: interrupted; run the same command again to resume\n");
    return EXIT_STATUS.interrupted;
  }
  const { aborted, reason } = console.signal;
  const error = asSpackOciError(aborted ? reason.cause : thrown);
  const status = statusOf(error.kind);
  // The process prints what stopped the command.
  report.error(error, status, () => {
    if (!aborted) printError(error, console);
  });
  return status;
}

function printError(error: SpackOciError, { stderr, environment }: Console): void {
  const text = wrapMessage(filterPadding(`spack-oci: ${renderFinalError(error)}`), stderr);
  stderr.write(`${text}\n${filterPadding(renderStack(error, environment))}`);
}
