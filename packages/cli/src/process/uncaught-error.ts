// What nobody awaited or caught, as the reason of a signal: it stops the command like Ctrl-C, but is not the user's
// doing.

/** Aborts a command because of `cause`, whatever was thrown. */
export class UncaughtError extends Error {
  constructor(cause: unknown) {
    super("The command was stopped by an error that nothing caught.", { cause });
    this.name = "UncaughtError";
  }
}

/** Whether a command was stopped, and by its user. */
export function isInterruption({ aborted, reason }: AbortSignal): boolean {
  return aborted && !(reason instanceof UncaughtError);
}
