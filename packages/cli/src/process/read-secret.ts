// Reads a secret, typed without echo or piped to standard input.

import { ask, type Terminal } from "./ask.js";

/**
 * One line without its line break. Prompts on a terminal, without echo.
 *
 * @throws the reason of the terminal's signal once it is aborted
 */
export async function readSecret(prompt: string, terminal: Terminal): Promise<string> {
  const { input } = terminal;
  return input.isTTY === true ? ask(prompt, terminal, { silent: true }) : readAll(input);
}

async function readAll(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}
