// Reads a secret, typed without echo or piped to standard input.

import { type Readable, Writable } from "node:stream";

/** Where a secret is read from, and where the prompt is shown. */
export interface SecretSource {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: { write(text: string): unknown };
}

/** One line without its line break. Prompts on a terminal, without echo. */
export async function readSecret(prompt: string, { input, output }: SecretSource): Promise<string> {
  if (input.isTTY !== true) return readAll(input);
  // Loaded on demand: few runs ask, and every run would pay for it.
  const { createInterface } = await import("node:readline/promises");
  output.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: silent, terminal: true });
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    output.write("\n");
  }
}

async function readAll(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}
