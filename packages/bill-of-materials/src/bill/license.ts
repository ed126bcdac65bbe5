// Decides whether the license of a recipe is one that SPDX knows: recipes also name others, in words of their own.

import parse from "spdx-expression-parse";

/** Whether a text is a license expression with identifiers of the SPDX License List (SPDX 2.3, annex D). */
export function isLicenseExpression(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false; // the parser reports what it does not know in no other way
  }
}
