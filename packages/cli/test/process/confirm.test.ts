// Consent is a typed yes, and needs a terminal.

import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { confirmOn } from "../../src/process/confirm.js";

function terminal(typed: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  input.end(typed);
  return { input, output, interrupt() {}, signal: new AbortController().signal };
}

it.each([
  ["y\n", true],
  ["Yes \n", true],
  ["n\n", false],
  ["\n", false],
  ["yesterday\n", false],
])("reads %j as %s", async (typed, consent) => {
  const asked = terminal(typed);
  expect(await confirmOn(asked)?.("Delete it?")).toBe(consent);
  expect(String(asked.output.read())).toContain("Delete it? [y/N]");
});

it("does not ask without a terminal", () => {
  expect(confirmOn(terminal("y\n", false))).toBeUndefined();
});
