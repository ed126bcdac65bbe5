// Names with arbitrary bytes survive, as with Python's surrogateescape.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { available, run } from "../../spack-tarball/test/support/tools.js";
import { compareFileNames, decodeFileName, encodeFileName, fileSystemPath } from "../src/file-name.js";

/** Bytes with valid, broken and almost valid UTF-8. */
const nameBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom("a", "/", "é", "€", "😀", "\uffff", "\u{10ffff}").map((text) => Buffer.from(text)),
      fc
        .constantFrom(
          [0xff],
          [0xe2, 0x82],
          [0xed, 0xa0, 0x80],
          [0xf0, 0x9f],
          [0xc0, 0x80],
          [0xf4, 0x90, 0x80, 0x80],
          [0x80],
        )
        .map((bytes) => Buffer.from(bytes)),
      fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 8 },
  )
  .map((parts) => Buffer.concat(parts));

describe("file names", () => {
  it("with arbitrary bytes survive decoding and encoding", () => {
    fc.assert(
      fc.property(nameBytes, (bytes) => {
        expect(encodeFileName(decodeFileName(bytes))).toEqual(bytes);
        const path = fileSystemPath(decodeFileName(bytes));
        expect(typeof path === "string" ? Buffer.from(path) : path).toEqual(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it("in UTF-8 are plain text", () => {
    expect(decodeFileName(Buffer.from("données 😀"))).toBe("données 😀");
    expect(decodeFileName(Buffer.from([0x61, 0xff, 0xe2, 0x82]))).toBe("a\udcff\udce2\udc82");
  });

  it.runIf(available("python3"))("are decoded and sorted as by Python's os.fsdecode and sorted()", () => {
    const names = fc.sample(nameBytes, { numRuns: 1500, seed: 7 });
    const script = `
import json, sys
names = [bytes.fromhex(line).decode("utf-8", "surrogateescape") for line in json.load(sys.stdin)]
json.dump([names, [name.encode("utf-8", "surrogateescape").hex() for name in sorted(names)]], sys.stdout)
`;
    const answer = run("python3", ["-c", script], JSON.stringify(names.map((name) => name.toString("hex"))));
    const [decoded, sorted] = JSON.parse(answer.toString());
    expect(names.map(decodeFileName)).toEqual(decoded);
    const ours = names.map(decodeFileName).sort(compareFileNames);
    expect(ours.map((name) => encodeFileName(name).toString("hex"))).toEqual(sorted);
  });
});
