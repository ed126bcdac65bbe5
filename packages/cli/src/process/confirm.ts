// Asks the user at the terminal a yes-or-no question.

/** A terminal: where answers are typed and where questions are shown. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** A function that asks, and accepts only `y` and `yes` as consent; undefined without a terminal. */
export function confirmOn({ input, output }: Terminal): ((question: string) => Promise<boolean>) | undefined {
  if (input.isTTY !== true || output.isTTY !== true) return undefined;
  return async (question) => {
    // Loaded on demand: few runs ask, and every run would pay for it.
    const { createInterface } = await import("node:readline/promises");
    const terminal = createInterface({ input, output });
    try {
      return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
    } finally {
      terminal.close();
    }
  };
}
