// The classifier agrees with a model of Spack's `file_type` over whole files.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContentClassifier } from "../../src/classify/content-classifier.js";
import { PrefixList } from "../../src/prefixes/prefix-list.js";
import { cutAt, latin1 } from "../support/bytes.js";
import { modelTextMatches } from "../support/models.js";

const PREFIX = "/opt/store";

function classified(chunks: readonly Buffer[]): string {
  const classifier = new ContentClassifier(new PrefixList([latin1(PREFIX)]));
  for (const chunk of chunks) classifier.push(chunk);
  return classifier.end();
}

/** Spack's `file_type` and `file_matches` over a whole file, with the format of a binary. */
function model(bytes: Buffer): string {
  if (bytes.length < 8) return "none";
  const magic = bytes.toString("latin1", 0, 4);
  if (magic === "\x7fELF") return "elf";
  if (["\xcf\xfa\xed\xfe", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xfe\xed\xfa\xce"].includes(magic))
    return "mach-o";
  if (magic === "\xca\xfe\xba\xbe" && bytes.readUInt32BE(4) < 10) return "mach-o";
  if (magic === "\xbe\xba\xfe\xca" && bytes.readUInt32LE(4) < 10) return "mach-o";
  const text = isUtf8(bytes) || !/[\0\u007f-\u009f]/.test(bytes.toString("latin1"));
  return text && modelTextMatches([PREFIX], bytes).length > 0 ? "text" : "none";
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const magics = [
  "\x7fELF",
  "\x7fEL",
  "\xcf\xfa\xed\xfe",
  "\xfe\xed\xfa\xcf",
  "\xce\xfa\xed\xfe",
  "\xfe\xed\xfa\xce",
  "\xca\xfe\xba\xbe",
  "\xbe\xba\xfe\xca",
  "",
];
const contents = fc
  .tuple(
    fc.constantFrom(...magics),
    fc.constantFrom("", "\0\0\0\x09", "\0\0\0\x0a", "\x09\0\0\0", "\x0a\0\0\0", "\0\0"),
    fc.array(
      fc.oneof(
        fc.constantFrom(PREFIX, ` ${PREFIX}`, "/", "plain text", "\n", "\0", "\x7f", "\x9f", "\xa0", "\xff"),
        fc.constantFrom("é", "€", "😀").map((text) => Buffer.from(text).toString("latin1")),
        fc.constantFrom("\xe2\x82", "\xf0\x9f\x98", "\xc3", "\xed\xa0\x80"),
      ),
      { maxLength: 8 },
    ),
  )
  .map(([magic, version, parts]) => latin1(magic + version + parts.join("")));

describe("ContentClassifier", () => {
  it("agrees with Spack for chunks of any size", () => {
    fc.assert(
      fc.property(contents, fc.array(fc.nat(100), { maxLength: 6 }), (bytes, cuts) => {
        expect(classified(cutAt(bytes, cuts))).toBe(model(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it("gives the same result byte by byte", () => {
    fc.assert(
      fc.property(contents, (bytes) => {
        expect(classified(Array.from(bytes, (byte) => Buffer.from([byte])))).toBe(model(bytes));
      }),
      { numRuns: 1000 },
    );
  });
});
