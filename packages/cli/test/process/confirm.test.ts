// Consent is a typed yes, and cannot be given where nobody sits.

import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { confirmOn } from "../../src/process/confirm.js";

function terminal(typed: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  input.end(typed);
  return { input, output };
}

it.each([
  ["y\n", true],
  ["Yes \n", true],
  ["n\n", false],
  ["\n", false],
  ["yesterday\n", false],
])("takes %j for %s", async (typed, consent) => {
  const { input, output } = terminal(typed);
  expect(await confirmOn({ input, output })?.("Delete it?")).toBe(consent);
  expect(String(output.read())).toContain("Delete it? [y/N]");
});

it("asks nobody where there is no terminal", () => {
  expect(confirmOn(terminal("y\n", false))).toBeUndefined();
});
