// Decides how a file in memory has to be relocated.

import type { PrefixList } from "../prefixes/prefix-list.js";
import { binaryFormatOf, MAGIC_LENGTH } from "./binary-format.js";
import { type ContentClass, ContentClassifier } from "./content-classifier.js";

/** The result of {@link ContentClassifier} for all of a file. */
export function classifyContent(bytes: Buffer, prefixes: PrefixList): ContentClass {
  if (bytes.length < MAGIC_LENGTH) return "none";
  const format = binaryFormatOf(bytes.subarray(0, MAGIC_LENGTH));
  if (format !== undefined) return format;
  // Most files name no prefix, and then it does not matter whether they are text.
  if (prefixes.search(bytes)(0) < 0) return "none";
  const classifier = new ContentClassifier(prefixes);
  classifier.push(bytes);
  return classifier.end();
}
