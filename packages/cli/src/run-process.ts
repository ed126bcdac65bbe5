// Runs the command line as a whole process. What is thrown where nobody waits for it ends the process like any other
// error.

import { setTimeout as delay } from "node:timers/promises";
import { main } from "./main.js";
import { EXIT_STATUS } from "./process/exit-status.js";
import { guardedConsole } from "./process/guarded-console.js";
import { processConsole } from "./process/process-console.js";
import { UncaughtError } from "./process/uncaught-error.js";
import { reportUnexpected } from "./report-unexpected.js";

/** Milliseconds that a command has for removing its temporary files after an error that nothing caught. */
const MAX_CLEANUP_TIME = 5000;

/**
 * Runs a command line with the process's own streams, environment and signals, and sets its exit status.
 *
 * @param args the arguments after the program's name
 */
export async function runProcess(args: readonly string[]): Promise<void> {
  const abort = new AbortController();
  const console = processConsole(abort);
  const report = (thrown: unknown) => reportUnexpected(thrown, guardedConsole(console));
  // Rejections that nothing handles arrive here, too.
  const uncaught = new Promise<unknown>((resolve) => {
    process.on("uncaughtException", (thrown) => {
      resolve(thrown);
      abort.abort(new UncaughtError(thrown));
    });
  });
  // Without work that is pending, Node ends the process with this status, even if the command is not done.
  process.exitCode = EXIT_STATUS.failed;
  const onIdle = () => void report(new Error("the command waits for something that cannot happen"));
  process.once("beforeExit", onIdle);

  const command = main(args, console);
  const failed = uncaught.then(async (thrown) => {
    await Promise.race([command, delay(MAX_CLEANUP_TIME)]);
    process.exit(await report(thrown));
  });
  const status = await command;
  process.off("beforeExit", onIdle);
  if (abort.signal.reason instanceof UncaughtError) await failed;
  process.exitCode = status;
}
