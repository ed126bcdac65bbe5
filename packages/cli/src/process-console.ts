// The process as the command line sees it: its streams, its environment, and its interruptions.

import { exitStatus } from "./exit-status.js";
import type { Console } from "./main.js";

/** The first interruption lets what is under way clean up after itself; the second ends the process at once. */
export function processConsole(): Console {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (abort.signal.aborted) process.exit(exitStatus.interrupted);
      abort.abort(new Error(`interrupted by ${signal}`));
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // Whoever read our output has had enough of it (`spack-oci list ... | head`).
      if (error.code === "EPIPE") process.exit(exitStatus.done);
      throw error;
    });
  }
  return { stdout: process.stdout, stderr: process.stderr, environment: process.env, signal: abort.signal };
}
