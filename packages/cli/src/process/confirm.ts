// Asks the user at the terminal a yes-or-no question.

import { ask, type Terminal } from "./ask.js";

/** A function that asks, and accepts only `y` and `yes` as consent; undefined without a terminal. */
export function confirmOn(terminal: Terminal): ((question: string) => Promise<boolean>) | undefined {
  if (terminal.input.isTTY !== true || terminal.output.isTTY !== true) return undefined;
  return async (question) => /^y(es)?$/i.test((await ask(`${question} [y/N] `, terminal)).trim());
}
