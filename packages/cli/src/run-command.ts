// Runs one command in its surroundings, and renders what it returns or fails with.

import { setMaxListeners } from "node:events";
import { asSpackOciError, createScheduler, Session } from "@spack-oci/buildcache";
import type { CommandContext, CommandResult } from "./commands/command-context.js";
import type { Console } from "./console.js";
import { exitStatus, statusOf } from "./exit-status.js";
import type { CommonOptions } from "./grammar/common.js";
import { errorToJson, printJson } from "./output/json.js";
import { createProgress } from "./output/progress.js";
import { renderError } from "./output/render-error.js";
import { type SpackOptions, sessionOptions } from "./spack-options.js";
import { packageVersion } from "./version.js";

/** @returns the exit status */
export async function runCommand(
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
