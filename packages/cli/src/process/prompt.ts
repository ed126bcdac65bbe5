// Asks the user at the terminal for a line of text, which is echoed.

import { ask, type Terminal } from "./ask.js";

/** A function that asks and returns the line without surrounding spaces; undefined without a terminal. */
export function promptOn(terminal: Terminal): ((question: string) => Promise<string>) | undefined {
  if (terminal.input.isTTY !== true || terminal.output.isTTY !== true) return undefined;
  return async (question) => (await ask(question, terminal)).trim();
}
