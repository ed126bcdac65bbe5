// Suggestions of commander, with and without words that destroy.

import { expect, it } from "vitest";
import { harmlessMessage } from "../../src/process/harmless-message.js";

it.each([
  [
    "error: unknown command 'x'\n(Did you mean one of prune, push?)\n",
    "error: unknown command 'x'\n(Did you mean push?)\n",
  ],
  ["e\n(Did you mean one of prune, pull, push?)", "e\n(Did you mean one of pull, push?)"],
  ["e\n(Did you mean one of prune, --delete?)", "e"],
  ["e\n(Did you mean prune?)", "e"],
  ["e\n(Did you mean one of gc, install, uninstall?)", "e\n(Did you mean install?)"],
  ["e\n(Did you mean push?)", "e\n(Did you mean push?)"],
  ["no suggestion", "no suggestion"],
  [
    "error: unknown option '--oci-password=it's a'secret'\n(Did you mean --json?)\n",
    "error: unknown option '--oci-password'\n(Did you mean --json?)\n",
  ],
  ["error: unknown option '--oci-password=a\nb'", "error: unknown option '--oci-password'"],
])("%j becomes %j", (message, expected) => {
  expect(harmlessMessage(message)).toBe(expected);
});
