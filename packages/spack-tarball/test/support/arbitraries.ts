// Generators of the inputs that relocation stumbles over.

import fc from "fast-check";

/** Prefixes that begin each other, end in each other, or have nothing in common; all absolute, as Spack's are. */
export const prefixLists: fc.Arbitrary<string[]> = fc.uniqueArray(
  fc
    .array(fc.constantFrom("/a", "/b", "/a-b", "/aa", "/a_1", "/\xe9", "/a.b+c", "/(x"), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.join("")),
  { minLength: 1, maxLength: 5 },
);

/** Bytes in which the prefixes occur often: whole, cut off, glued together, next to everything that matters. */
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

/** Old prefixes with new ones: equal, shorter, longer, with a common end or none. */
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

/** The same with prefixes long enough that there is room for shortening. */
export const paddedEntries: fc.Arbitrary<[string, string][]> = prefixEntries.map((entries) =>
  entries.map(([old, replacement]) => [`/padding_padding${old}`, replacement]),
);
