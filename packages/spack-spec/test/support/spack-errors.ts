// Compares errors of this package with those that Spack raises for the same input.

import { isSpackOciError } from "@spack-oci/errors";

const classes: Readonly<Record<string, string>> = {
  ERR_SPEC_FORMAT: "SpecFormatStringError",
  ERR_SPEC_FORMAT_SIGIL: "SpecFormatSigilError",
  ERR_SPEC_FORMAT_DEPENDENCY: "KeyError",
  ERR_SPEC_FORMAT_PATH: "SpecFormatPathError",
  ERR_SPEC_TOKENS: "SpecTokenizationError",
  ERR_SPEC_SYNTAX: "SpecParsingError",
  ERR_SPEC_COUNT: "ValueError",
  ERR_SPEC_FILE: "NoSuchSpecFileError",
  ERR_VERSION: "ValueError",
  ERR_VERSION_RANGE: "EmptyRangeError",
  ERR_TARGET_UNKNOWN: "ValueError",
  ERR_SPEC_DEPTYPE: "ValueError",
  ERR_SPEC_AMBIGUOUS: "Died",
  ERR_SPEC_NO_MATCH: "Died",
};

/** What `action` returns, or its error as the oracles write errors. */
export function spackError<T>(action: () => T): T | { error: string; message: string } {
  try {
    return action();
  } catch (error) {
    if (!isSpackOciError(error)) throw error;
    const name = classes[error.code] ?? error.code;
    // Python prints the key of a KeyError in quotes.
    return { error: name, message: name === "KeyError" ? `'${error.message}'` : error.message };
  }
}
