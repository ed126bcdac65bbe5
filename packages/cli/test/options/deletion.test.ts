// Confirmation of deletions.

import { expect, it } from "vitest";
import { confirmDeletion } from "../../src/options/deletion.js";

it("--yes does not ask", async () => {
  const confirm = async () => false;
  expect(await confirmDeletion("that no source has", true, { confirm })?.("oci://x", ["a"])).toBe(true);
});

it("asks with all tags in view", async () => {
  const questions: string[] = [];
  const confirm = async (question: string) => questions.push(question) < 2;
  const ask = confirmDeletion("that no source has", false, { confirm });
  expect(await ask?.("oci://x", ["a", "b"])).toBe(true);
  expect(await ask?.("oci://x", ["a"])).toBe(false);
  expect(questions).toEqual([
    "a\nb\nDelete 2 tags from oci://x that no source has?",
    "a\nDelete 1 tag from oci://x that no source has?",
  ]);
});

it("cannot be given without a terminal", () => {
  expect(confirmDeletion("that no source has", false, {})).toBeUndefined();
});
