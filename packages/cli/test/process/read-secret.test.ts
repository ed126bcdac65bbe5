// Reading a secret from a pipe and from a terminal.

import { PassThrough, Readable } from "node:stream";
import { expect, it } from "vitest";
import { readSecret } from "../../src/process/read-secret.js";

/** A terminal without its keyboard. */
function screen() {
  const output = new PassThrough();
  const abort = new AbortController();
  const interrupt = () => abort.abort(new Error("interrupted"));
  return { output, interrupt, signal: abort.signal, text: () => String(output.read() ?? "") };
}

it.each([
  ["secret\n", "secret"],
  ["secret", "secret"],
  ["two words\r\n", "two words"],
  [" kept \n\n", " kept \n"],
  ["", ""],
])("reads %j from a pipe without its last line break, and does not prompt", async (sent, expected) => {
  const { text, ...asked } = screen();
  const input = Readable.from([Buffer.from(sent)]);
  expect(await readSecret("Password: ", { input, ...asked })).toBe(expected);
  expect(text()).toBe("");
});

it("prompts on a terminal, and does not echo", async () => {
  const { text, ...asked } = screen();
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const secret = readSecret("Password: ", { input, ...asked });
  input.write("correct horse\r");
  expect(await secret).toBe("correct horse");
  expect(text()).toBe("Password: \n");
});

const typed = (keys: string) => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  input.write(keys);
  return input;
};

it("is interrupted by Ctrl-C, and by a signal that arrives while it waits", async () => {
  const { text, ...pressed } = screen();
  const secret = readSecret("Password: ", { input: typed("half\x03"), ...pressed });
  await expect(secret).rejects.toThrow("interrupted");
  expect(text()).toBe("Password: \n");
  const killed = screen();
  const waiting = readSecret("Password: ", { input: typed("half"), ...killed });
  killed.interrupt();
  await expect(waiting).rejects.toThrow("interrupted");
});

it("is empty after Ctrl-D", async () => {
  const { text, ...asked } = screen();
  expect(await readSecret("Password: ", { input: typed("\x04"), ...asked })).toBe("");
  expect(text()).toBe("Password: \n");
});
