// The process as the command line sees it: its streams, its environment, and its interruptions.

import { SpackOciError } from "@spack-oci/errors";
import { confirmOn } from "./confirm.js";
import type { Console } from "./console.js";
import { exitStatus } from "./exit-status.js";
import { readSecret } from "./read-secret.js";

/** The first interruption lets what is under way clean up after itself; the second ends the process at once. */
export function processConsole(): Console {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (abort.signal.aborted) process.exit(exitStatus.interrupted);
      abort.abort(new SpackOciError("ERR_INTERRUPTED", `Interrupted by ${signal}.`, { kind: "failed" }));
    });
  }
  return {
    stdout: whileRead(process.stdout, (error) => {
      process.stderr.write(`spack-oci: standard output cannot be written: ${error.message}\n`);
      process.exit(exitStatus.failed);
    }),
    stderr: whileRead(process.stderr, () => {}),
    environment: process.env,
    readSecret: (prompt) => readSecret(prompt, { input: process.stdin, output: process.stderr }),
    confirm: confirmOn({ input: process.stdin, output: process.stderr }),
    signal: abort.signal,
  };
}

/** A stream whose output is dropped once its reader has had enough (`spack-oci list ... | head`); the work goes on. */
function whileRead(stream: NodeJS.WriteStream, onError: (error: Error) => void) {
  let isRead = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    isRead = false;
    if (error.code !== "EPIPE") onError(error);
  });
  return {
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
    write(text: string) {
      if (isRead) stream.write(text);
    },
  };
}
