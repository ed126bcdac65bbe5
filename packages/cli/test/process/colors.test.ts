// Whether text has colors.

import { expect, it } from "vitest";
import { usesColors } from "../../src/process/colors.js";

const terminal = { isTTY: true };
const pipe = { isTTY: false };

it.each([
  ["a terminal", undefined, {}, terminal, true],
  ["a pipe", undefined, {}, pipe, false],
  ["a dumb terminal", undefined, { TERM: "dumb" }, terminal, false],
  ["NO_COLOR", "auto", { NO_COLOR: "1" }, terminal, false],
  ["an empty NO_COLOR", "auto", { NO_COLOR: "" }, terminal, true],
  ["FORCE_COLOR in a pipe", undefined, { FORCE_COLOR: "1" }, pipe, true],
  ["FORCE_COLOR beside NO_COLOR", undefined, { FORCE_COLOR: "1", NO_COLOR: "1" }, pipe, true],
  ["FORCE_COLOR=0", undefined, { FORCE_COLOR: "0" }, terminal, false],
  ["SPACK_COLOR beside FORCE_COLOR", undefined, { SPACK_COLOR: "never", FORCE_COLOR: "1" }, terminal, false],
  ["--color always beside NO_COLOR", "always", { NO_COLOR: "1", TERM: "dumb" }, pipe, true],
  ["--color never beside FORCE_COLOR", "never", { FORCE_COLOR: "1", SPACK_COLOR: "always" }, terminal, false],
] as const)("%s", (_, setting, environment, stream, expected) => {
  expect(usesColors({ setting, environment, stream })).toBe(expected);
});
