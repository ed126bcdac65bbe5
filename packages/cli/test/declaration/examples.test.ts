// How help shows examples.

import { expect, it } from "vitest";
import { exampleText } from "../../src/declaration/examples.js";

const examples = [
  { purpose: "Push it all", line: "push mochi --format '{name} {hash}' --quiet" },
  { purpose: "Push nothing", line: "push --dry-run mochi" },
];

it("shows a line to copy below what it is for", () => {
  expect(exampleText(examples, 80)).toBe(
    [
      "Examples:",
      "  # Push it all",
      "  spack-oci push mochi --format '{name} {hash}' --quiet",
      "  # Push nothing",
      "  spack-oci push --dry-run mochi",
    ].join("\n"),
  );
});

it("continues long lines with a backslash, which a shell reads as one line", () => {
  const text = exampleText(examples, 32);
  expect(text).toContain(
    ["  spack-oci push mochi \\", "    --format '{name} {hash}' \\", "    --quiet"].join("\n"),
  );
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(32);
  expect(text.replaceAll(/ \\\n +/g, " ")).toBe(exampleText(examples, 80));
});
