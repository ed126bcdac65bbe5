// What the error for a package without room explains.

import { expect, it } from "vitest";
import { RelocationError, type RelocationProblem, whyBlocked } from "../../src/relocate/relocation-error.js";

function problem(reason: RelocationProblem["reason"], newPrefix: string): RelocationProblem {
  return { file: "bin/app", offset: 4, reason, oldPrefix: "/old/pkg", newPrefix, found: "/old/pkg/x" };
}

it.each([
  ["cannot-grow", "/longer/pkg", "needs 11 bytes, has 8"],
  ["cannot-shrink", "/n/pkx", "6 bytes replace 8, but end differently, and other strings may share the end"],
  [
    "cannot-shrink",
    "/new/pkx",
    "both have 8 bytes, but end differently, and other strings may share the end",
  ],
] as const)("explains why a string %s to %s", (reason, newPrefix, why) => {
  expect(whyBlocked(problem(reason, newPrefix))).toBe(why);
  expect(new RelocationError([problem(reason, newPrefix)]).message).toContain(`(${why})`);
});

it("advises what helps against the problems that it lists", () => {
  const shrink = problem("cannot-shrink", "/new/pkx");
  expect(new RelocationError([shrink]).hint).toContain("at least 8 bytes shorter");
  expect(new RelocationError([shrink, problem("cannot-grow", "/longer/pkg")]).hint).toContain("more padding");
});

it("advises what helps against each kind of problem in one file", () => {
  const header = { ...problem("no-header-room", "/longer/pkg"), missing: 8 };
  const grow = problem("cannot-grow", "/longer/pkg");
  const [link, pad] = ["-headerpad_max_install_names", "more padding"];
  const hintOf = (...problems: RelocationProblem[]) => new RelocationError(problems).hint;
  expect(hintOf(header)).toContain(link);
  expect(hintOf(header)).not.toContain(pad);
  expect(hintOf(grow)).not.toContain(link);
  expect(hintOf(header, grow)).toContain(link);
  expect(hintOf(header, grow)).toContain(pad);
  expect(hintOf(header, problem("cannot-shrink", "/new/pkx"))).toContain(link);
});
