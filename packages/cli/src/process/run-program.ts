// Runs a program in the place of this process: with its streams, its signals and its exit status.

import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { CLEAR_LINE, printable } from "./guarded-console.js";

/** As shells exit if a program does not exist, or cannot be started (POSIX, "Exit Status for Commands"). */
const STATUS = { notFound: 127, notStarted: 126 } as const;

/** Added to the number of the signal that ended a program. */
const SIGNALLED = 128;

/** Not SIGUSR1, which starts Node's debugger. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const;

/** A terminal sends these to all processes in the foreground, the program among them. */
const SENT_BY_TERMINALS: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGQUIT"]);

/** Signals that end this process if they end the program, so that a script in between stops, too. */
const PASSED_ON: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * Runs a program, and waits for its end.
 *
 * @param command the program, which is searched on PATH of the environment, and its arguments
 * @returns the exit status, as a shell would report it
 */
export async function runProgram(
  command: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const [program = "", ...args] = command;
  if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE);
  // Before the program starts, because a signal that arrives meanwhile would be lost.
  let child: ChildProcess | undefined;
  const giveBack = takeSignals((signal) => child?.kill(signal));
  try {
    child = spawn(program, args, { env: environment, stdio: "inherit" });
    const [status, signal] = await endOf(child);
    if (signal === null) return status ?? STATUS.notStarted;
    if (PASSED_ON.has(signal)) process.once("exit", () => endBy(signal));
    return SIGNALLED + constants.signals[signal];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === "ENOENT";
    const reason = isMissing ? "not found; is it in one of the packages?" : message;
    process.stderr.write(printable(`spack-oci: ${program}: ${reason}`).concat("\n"));
    return isMissing ? STATUS.notFound : STATUS.notStarted;
  } finally {
    giveBack();
  }
}

function endOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status, signal) => resolve([status, signal]));
  });
}

/**
 * Passes signals on instead of handling them.
 *
 * @returns restores how they were handled
 */
function takeSignals(passOn: (signal: NodeJS.Signals) => void): () => void {
  const isAtTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const forward = (signal: NodeJS.Signals) => {
    if (!(isAtTerminal && SENT_BY_TERMINALS.has(signal))) passOn(signal);
  };
  const before = FORWARDED.map((signal) => [signal, process.listeners(signal)] as const);
  for (const signal of FORWARDED) {
    process.removeAllListeners(signal);
    process.on(signal, forward);
  }
  return () => {
    for (const [signal, listeners] of before) {
      process.off(signal, forward);
      for (const listener of listeners) process.on(signal, listener);
    }
  };
}

function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
