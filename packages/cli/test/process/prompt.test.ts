// Text is typed at a terminal, and echoed.

import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { promptOn } from "../../src/process/prompt.js";

function terminal(typed: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  input.end(typed);
  return { input, output, interrupt() {}, signal: new AbortController().signal };
}

it.each([
  ["me\n", "me"],
  ["  me \r\n", "me"],
  ["\n", ""],
])("reads %j as %j", async (typed, text) => {
  const asked = terminal(typed);
  expect(await promptOn(asked)?.("Username: ")).toBe(text);
  expect(String(asked.output.read())).toContain("Username: ");
});

it("does not ask without a terminal", () => {
  expect(promptOn(terminal("me\n", false))).toBeUndefined();
});

it("fails if the terminal is gone", async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const asked = promptOn({ ...terminal(""), input })?.("Username: ");
  setImmediate(() => input.destroy(new Error("read EIO")));
  await expect(asked).rejects.toThrow("read EIO");
});
