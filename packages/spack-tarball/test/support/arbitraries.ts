// Generators of inputs that are difficult for relocation.

import fc from "fast-check";

/** Absolute prefixes that begin or end with each other, or have nothing in common. */
export const prefixLists: fc.Arbitrary<string[]> = fc.uniqueArray(
  fc
    .array(fc.constantFrom("/a", "/b", "/a-b", "/aa", "/a_1", "/\xe9", "/a.b+c", "/(x"), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.join("")),
  { minLength: 1, maxLength: 5 },
);

/** Bytes with many prefixes: whole, cut off, joined, and next to every byte that matters. */
export function textOver(prefixes: readonly string[]): fc.Arbitrary<Buffer> {
  const whole = fc.constantFrom(...prefixes);
  const part = whole.chain((prefix) => fc.nat(prefix.length).map((length) => prefix.slice(0, length)));
  const between = fc.constantFrom(
    "/",
    "//",
    " ",
    "\n",
    "\0",
    "\0\0",
    ":",
    "a",
    "-",
    "_",
    "Z9",
    "\xe9",
    "\x80",
    "word-_",
    "/x",
    "",
  );
  const short = fc.string({ minLength: 0, maxLength: 9, unit: fc.constantFrom("x", "/", "l", "\0", " ") });
  return fc
    .array(fc.oneof({ weight: 5, arbitrary: whole }, part, { weight: 3, arbitrary: between }, short), {
      maxLength: 25,
    })
    .map((parts) => Buffer.from(parts.join(""), "latin1"));
}

/** Old and new prefixes: equal, shorter or longer, with or without a common ending. */
export const prefixEntries: fc.Arbitrary<[string, string][]> = prefixLists.chain((prefixes) =>
  fc.tuple(
    ...prefixes.map((old) =>
      fc
        .oneof(
          fc.constant(old),
          fc.nat(old.length).map((from) => `/${old.slice(from)}`),
          fc.constantFrom("/b", "/new", "/a", "/quite/a/lot/longer/than/it", ""),
          fc.constantFrom("/z").map((end) => (end + old).slice(0, old.length)),
        )
        .map((replacement): [string, string] => [old, replacement]),
    ),
  ),
);

/** The same with prefixes that are long enough to become shorter. */
export const paddedEntries: fc.Arbitrary<[string, string][]> = prefixEntries.map((entries) =>
  entries.map(([old, replacement]) => [`/padding_padding${old}`, replacement]),
);
