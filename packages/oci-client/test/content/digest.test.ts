// Digests are validated, and match those of other tools.

import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { algorithmOf, digestOf, hexOf, isDigest } from "../../src/content/digest.js";

test("computes the digests of sha256sum and sha512sum", () => {
  const bytes = Buffer.from("spack\0oci\n");
  for (const algorithm of ["sha256", "sha512"] as const) {
    const printed = execFileSync(`${algorithm}sum`, { input: bytes, encoding: "utf8" }).split(" ")[0] ?? "";
    expect(digestOf(bytes, algorithm)).toBe(`${algorithm}:${printed}`);
    expect(algorithmOf(digestOf(bytes, algorithm))).toBe(algorithm);
    expect(hexOf(digestOf(bytes, algorithm))).toBe(printed);
  }
});

test("hashes a string as UTF-8", () => {
  expect(digestOf("ü")).toBe(digestOf(Buffer.from([0xc3, 0xbc])));
});

test.each([
  "",
  "sha256",
  "sha256:",
  "sha256:ABC",
  `sha256:${"A".repeat(64)}`,
  `sha512:${"a".repeat(64)}`,
  `md5:${"a".repeat(32)}`,
])("%j is not a digest", (text) => {
  expect(isDigest(text)).toBe(false);
});

test("isDigest accepts what digestOf returns", () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.constantFrom("sha256" as const, "sha512" as const),
      (bytes, algorithm) => {
        expect(isDigest(digestOf(bytes, algorithm))).toBe(true);
      },
    ),
  );
});
