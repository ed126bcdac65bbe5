// Help is wrapped, except for lines to copy.

import { expect, it } from "vitest";
import { envCommand } from "../../src/commands/env.js";
import { wrapParagraphs } from "../../src/declaration/help-layout.js";

it("wraps paragraphs, and keeps indented ones", () => {
  const text = "some words that\ndo not fit\n\n  a command --with=options that is long\n  another\n\nthe end";
  expect(wrapParagraphs(text, 20)).toBe(
    "some words that do\nnot fit\n\n  a command --with=options that is long\n  another\n\nthe end",
  );
});

it("shows each line of what to evaluate", () => {
  const lines = wrapParagraphs(envCommand.notes ?? "", 40).split("\n");
  expect(lines).toContain(`  eval "$(spack-oci env SPEC)"`);
  expect(lines).toContain("  spack-oci env --fish SPEC | source");
});
