// Asks the user at the terminal for a line of text, which is echoed.

import type { Terminal } from "./confirm.js";

/** A function that asks and returns the line without surrounding spaces; undefined without a terminal. */
export function promptOn({ input, output }: Terminal): ((question: string) => Promise<string>) | undefined {
  if (input.isTTY !== true || output.isTTY !== true) return undefined;
  return async (question) => {
    // Loaded on demand: few runs ask, and every run would pay for it.
    const { createInterface } = await import("node:readline/promises");
    const terminal = createInterface({ input, output });
    try {
      return (await terminal.question(question)).trim();
    } finally {
      terminal.close();
    }
  };
}
