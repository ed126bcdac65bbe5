// Suggestions of commander, with and without words that destroy.

import { expect, it } from "vitest";
import { withHarmlessSuggestions } from "../../src/process/harmless-suggestions.js";

it.each([
  [
    "error: unknown command 'x'\n(Did you mean one of prune, push?)\n",
    "error: unknown command 'x'\n(Did you mean push?)\n",
  ],
  ["e\n(Did you mean one of prune, pull, push?)", "e\n(Did you mean one of pull, push?)"],
  ["e\n(Did you mean one of prune, --delete?)", "e"],
  ["e\n(Did you mean prune?)", "e"],
  ["e\n(Did you mean push?)", "e\n(Did you mean push?)"],
  ["no suggestion", "no suggestion"],
])("%j becomes %j", (message, expected) => {
  expect(withHarmlessSuggestions(message)).toBe(expected);
});
