// Spec strings are tokenized, parsed and formatted as in Spack (cli.json, and `parse` in queries.json).

import { describe, expect, it } from "vitest";
import { textOf } from "../../src/format/format-spec.js";
import { parseArguments } from "../../src/parse/command-line.js";
import { parseSpec, parseSpecs } from "../../src/parse/parse-spec.js";
import { tokenize } from "../../src/parse/tokenizer.js";
import { readOracle } from "../support/oracle.js";
import { parseOptions } from "../support/parse-options.js";
import { spackError } from "../support/spack-errors.js";

const cli = readOracle("cli.json");
const { queries } = readOracle("queries.json");

describe("tokens", () => {
  it.each(cli.tokens as { text: string; tokens?: unknown; error?: string; message?: string }[])(
    "$text",
    ({ text, tokens, error, message }) => {
      const found = spackError(() =>
        [...tokenize(text)].map(({ kind, text, start, end }) => [kind, text, start, end]),
      );
      expect(found).toEqual(tokens ?? { error, message });
    },
  );
});

describe("command lines", () => {
  it.each(cli.command_lines as { args: string[]; specs?: string[]; error?: string; message?: string }[])(
    "$args",
    ({ args, specs, error, message }) => {
      const found = spackError(() => parseArguments(args, parseOptions).map(textOf));
      expect(found).toEqual(specs ?? { error, message });
    },
  );
});

// With a `%` at the end, Spack fails with a Python error; here it is a syntax error.
const failsInside = (parse: unknown) => (parse as { error?: string }).error === "AttributeError";

describe("spec strings", () => {
  it.each(
    (queries as { query: string; parse: unknown }[]).map(({ query, parse }) => [query, parse] as const),
  )("%s", (query, parse) => {
    const found = spackError(() => textOf(parseSpec(query, parseOptions)));
    if (failsInside(parse)) expect(found).toMatchObject({ error: "SpecParsingError" });
    else expect(found).toEqual(parse);
  });
});

// Spack looks at such a token forever.
it.each(["]", "zlib ]", "]]>"])("%j has a token that belongs to no spec", (text) => {
  expect(() => parseSpecs(text)).toThrow(expect.objectContaining({ code: "ERR_SPEC_SYNTAX" }));
});
