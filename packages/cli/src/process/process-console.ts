// The console of a real process: its streams, its environment and its signals.

import { SpackOciError } from "@spack-oci/errors";
import { confirmOn } from "./confirm.js";
import type { Console } from "./console.js";
import { EXIT_STATUS } from "./exit-status.js";
import { promptOn } from "./prompt.js";
import { readSecret } from "./read-secret.js";

/** The first signal lets running work clean up; the second ends the process at once. */
export function processConsole(): Console {
  const abort = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => {
    if (abort.signal.aborted) process.exit(EXIT_STATUS.interrupted);
    abort.abort(new SpackOciError("ERR_INTERRUPTED", `Interrupted by ${signal}.`, { kind: "failed" }));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  const terminal = {
    input: process.stdin,
    output: process.stderr,
    interrupt: () => interrupt("SIGINT"),
    signal: abort.signal,
  };
  return {
    stdout: whileRead(process.stdout, (error) => {
      process.stderr.write(`spack-oci: cannot write to standard output: ${error.message}\n`);
      process.exit(EXIT_STATUS.failed);
    }),
    stderr: whileRead(process.stderr, () => {}),
    environment: process.env,
    readSecret: (prompt) => readSecret(prompt, terminal),
    prompt: promptOn(terminal),
    confirm: confirmOn(terminal),
    signal: abort.signal,
  };
}

/** A stream that drops output once its reader is gone (`spack-oci list ... | head`), so that the work continues. */
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
