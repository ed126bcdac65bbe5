// Reading a secret from a pipe and from a terminal.

import { PassThrough, Readable } from "node:stream";
import { expect, it } from "vitest";
import { readSecret } from "../../src/process/read-secret.js";

function output() {
  let text = "";
  return {
    write: (more: string) => {
      text += more;
    },
    get text() {
      return text;
    },
  };
}

it.each([
  ["secret\n", "secret"],
  ["secret", "secret"],
  ["two words\r\n", "two words"],
  [" kept \n\n", " kept \n"],
  ["", ""],
])("reads %j from a pipe without its last line break, and does not prompt", async (sent, expected) => {
  const asked = output();
  const input = Readable.from([Buffer.from(sent)]);
  expect(await readSecret("Password: ", { input, output: asked })).toBe(expected);
  expect(asked.text).toBe("");
});

it("prompts on a terminal, and does not echo", async () => {
  const asked = output();
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const secret = readSecret("Password: ", { input, output: asked });
  input.write("correct horse\r");
  expect(await secret).toBe("correct horse");
  expect(asked.text).toBe("Password: \n");
});
