// File names are decoded as in Python.

import { decodeFileName } from "@spack-oci/files";
import { formatJson } from "@spack-oci/spack-spec";
import fc from "fast-check";
import { expect, it } from "vitest";

import { hasTool, runPython } from "../support/tools.js";

const python = hasTool("python3", "file names as Python decodes them");

it("keeps UTF-8, and escapes every other byte", () => {
  expect(decodeFileName(Buffer.from("café 𝄞 \ufffd"))).toBe("café 𝄞 \ufffd");
  expect(decodeFileName(Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0xc3]))).toBe("a\udcffé\udcc3");
});

it.skipIf(!python)("decodes like Python", () => {
  const byte = fc.oneof(
    fc.integer({ min: 0x80, max: 0xff }),
    fc.constantFrom(0x41, 0xe0, 0xed, 0xef, 0xf0, 0xf4),
  );
  const bytes = fc.uint8Array({ maxLength: 6 });
  const names = fc.sample(
    fc.oneof(
      bytes,
      fc.array(byte, { maxLength: 6 }).map((list) => Uint8Array.from(list)),
    ),
    2000,
  );
  const script =
    "import json, sys\nfor line in sys.stdin: print(json.dumps(bytes.fromhex(line.strip()).decode('utf-8', 'surrogateescape')))";
  const input = names.map((name) => `${Buffer.from(name).toString("hex")}\n`).join("");
  const expected = runPython(script, [], input).trimEnd().split("\n");
  expect(names.map((name) => formatJson(decodeFileName(name)))).toEqual(expected);
});
