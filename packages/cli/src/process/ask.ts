// Reads one line from a terminal; Ctrl-C at the question interrupts the command like Ctrl-C anywhere else.

/** A terminal: where answers are typed and where questions are shown. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /**
   * Called for Ctrl-C: while a line is read, the terminal sends a character instead of a signal. Must abort `signal`.
   */
  readonly interrupt: () => void;
  /** Aborted when the user interrupts, in whatever way. */
  readonly signal: AbortSignal;
}

/**
 * The line that is typed; empty at the end of input (Ctrl-D).
 *
 * @param silent whether the line is not echoed
 * @throws the reason of `signal` once it is aborted
 */
export async function ask(
  question: string,
  { input, output, interrupt, signal }: Terminal,
  { silent = false } = {},
): Promise<string> {
  // Loaded on demand: few runs ask, and every run would pay for it.
  const { createInterface } = await import("node:readline");
  const { Writable } = await import("node:stream");
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface(silent ? { input, output: unseen, terminal: true } : { input, output });
  const listening = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      const options = { once: true, signal: listening.signal };
      signal.addEventListener("abort", () => reject(signal.reason), options);
      if (signal.aborted) reject(signal.reason);
      // A terminal that is gone.
      reader.once("error", reject);
      input.once("error", reject);
      reader.once("SIGINT", interrupt);
      reader.once("close", () => resolve(""));
      reader.question(question, resolve);
      // Only now does the terminal no longer echo.
      if (silent) output.write(question);
    });
  } finally {
    listening.abort();
    reader.close();
    if (silent) output.write("\n");
  }
}
