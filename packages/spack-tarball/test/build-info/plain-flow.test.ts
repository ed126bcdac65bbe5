// The fast parser agrees with a complete YAML parser, and it can read Spack's own files.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { type PlainValue, parsePlainFlow } from "../../src/build-info/plain-flow.js";
import { decompress } from "../../src/compression/decompress.js";
import { readTar } from "../../src/tar/tar-reader.js";
import { chunked } from "../support/bytes.js";
import { spackPackages } from "../support/spack-packages.js";

/** The same from the YAML parser, which must not report errors. */
function byYaml(text: string): unknown {
  const document = parseDocument(text, { schema: "failsafe", uniqueKeys: false });
  expect([text, document.errors]).toEqual([text, []]);
  return document.toJS({ mapAsMap: true });
}

describe("parsePlainFlow", () => {
  it("reads scalars, lists and mappings, plain or quoted", () => {
    const text = `{a: /s/x-1.0+y, "b c": '', list: [], names: [yes, "no, {}", 'it"s'], of: {h: 017, .i: ~/x}}\n`;
    expect(parsePlainFlow(text)).toBeUndefined();
    const plain = text.replace("~/x", "'~/x'");
    const expected = new Map<string, PlainValue>([
      ["a", "/s/x-1.0+y"],
      ["b c", ""],
      ["list", []],
      ["names", ["yes", "no, {}", 'it"s']],
      ["of", new Map(Object.entries({ h: "017", ".i": "~/x" }))],
    ]);
    expect(parsePlainFlow(plain)).toEqual(expected);
    expect(byYaml(plain)).toEqual(expected);
    expect(parsePlainFlow("{}")).toEqual(new Map());
  });

  it.each([
    "",
    "a: b",
    "{a: b",
    "{a: b}}",
    "{a: b} # c",
    "{a: b}\n\n{c: d}",
    "{a: [b,c]}",
    "{a: [b, ]}",
    "{a: [b c]}",
    "{a: [? b]}",
    "{a: [b: c]}",
    "{a: b:c}",
    "{a: &b c}",
    "{a: !t b}",
    "{a: '', a: b}",
    "{a: 'it''s'}",
    '{a: "\\n"}',
    "{a: 'b\n c'}",
    "{a: b,\n c: d}",
    "{a: é}",
    "{a: [[b]]}",
    "{a: {b: [c]}}",
    "{a:b}",
    "{a: }",
    "{? a: b}",
  ])("leaves to others what is not certainly plain: %j", (text) => {
    expect(parsePlainFlow(text)).toBeUndefined();
  });

  it("never reads anything differently from YAML", () => {
    const piece = fc.constantFrom(
      ..."{|}|[|]|, |,|: |:|a|b/c|.|..|...|-|---|?|'|\"|#| |\n|\\|~|&|*|!|%|@|=|017|null|é|x@y|'q'|\"q\"|'a b'|{a: |[a, ".split(
        "|",
      ),
    );
    let plain = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, isList) => {
        const inside = pieces.join("");
        const text = isList ? `{k: [${inside}]}` : `{${inside}}`;
        const read = parsePlainFlow(text);
        if (read === undefined) return;
        plain += 1;
        expect(read).toEqual(byYaml(text));
      }),
      { numRuns: 20_000 },
    );
    expect(plain).toBeGreaterThan(100);
  });

  it.each(spackPackages())("reads what Spack wrote into $name $hash", async ({ layer }) => {
    for await (const member of readTar(decompress(chunked(layer)))) {
      if (!member.header.name.endsWith("/.spack/binary_distribution")) continue;
      const text = (await member.bytes()).toString();
      // Only one package has names with spaces, accents or bytes that are not UTF-8.
      const isPlain = !text.includes("tricky-names-1");
      expect(parsePlainFlow(text) !== undefined).toBe(isPlain);
      if (isPlain) expect(parsePlainFlow(text)).toEqual(byYaml(text));
    }
  });
});
