// Hashes come from documents of others, and are not always hashes.

import { expect, it } from "vitest";
import { base32PrefixBits } from "../../src/hash/base32.js";

it.each(["", "abc", "0".repeat(32), "é".repeat(32)])("rejects %j, which is not a hash", (text) => {
  expect(() => base32PrefixBits(text, 63)).toThrow(
    expect.objectContaining({ code: "ERR_HASH", kind: "corrupt" }),
  );
});
