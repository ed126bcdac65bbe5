// Asks a question of whoever sits at the terminal.

/** A terminal: where answers are typed, and where questions are shown. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** A function that asks, and takes only `y` and `yes` for consent; undefined where there is no terminal. */
export function confirmOn({ input, output }: Terminal): ((question: string) => Promise<boolean>) | undefined {
  if (input.isTTY !== true || output.isTTY !== true) return undefined;
  return async (question) => {
    // Hardly any run asks, and every run would wait for it.
    const { createInterface } = await import("node:readline/promises");
    const terminal = createInterface({ input, output });
    try {
      return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
    } finally {
      terminal.close();
    }
  };
}
