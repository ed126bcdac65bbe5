// A file in memory is classified as one that is read in chunks.

import fc from "fast-check";
import { expect, it } from "vitest";
import { classifyContent } from "../../src/classify/classify-content.js";
import { ContentClassifier } from "../../src/classify/content-classifier.js";
import { PrefixList } from "../../src/prefixes/prefix-list.js";

const prefixes = new PrefixList([Buffer.from("/store/p"), Buffer.from("/opt/q")]);
const parts = fc.constantFrom(
  "/store/p",
  "/opt/q",
  "x/opt/q",
  "\x7fELF",
  "\xcf\xfa\xed\xfe",
  "\0",
  "\xe4",
  "text ",
  "é",
);

it("agrees with the classifier of streams", () => {
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 6 }), fc.boolean(), fc.nat(40), (words, isUtf8, cut) => {
      const bytes = Buffer.from(words.join(""), isUtf8 ? "utf8" : "latin1");
      const classifier = new ContentClassifier(prefixes);
      classifier.push(bytes.subarray(0, cut));
      classifier.push(bytes.subarray(cut));
      expect(classifyContent(bytes, prefixes)).toBe(classifier.end());
    }),
    { numRuns: 2000 },
  );
});
