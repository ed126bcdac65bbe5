// The tags that list referrers on registries without the API.

import { expect, test } from "vitest";
import { digestOf } from "../../src/content/digest.js";
import { referrersTag, subjectOfTag } from "../../src/content/referrers.js";

test("the tag of a sha256 digest leads back to its subject", () => {
  const subject = digestOf("x");
  expect(referrersTag(subject)).toBe(subject.replace(":", "-"));
  expect(subjectOfTag(referrersTag(subject))).toBe(subject);
});

test("the tag of a sha512 digest has 64 digits, as the specification limits it", () => {
  const subject = digestOf("x", "sha512");
  expect(referrersTag(subject)).toBe(`sha512-${subject.slice(7, 71)}`);
});

test.each(["v1", "sha256-abc", `md5-${"a".repeat(32)}`])("%s is not the tag of a list", (tag) => {
  expect(subjectOfTag(tag)).toBeUndefined();
});
