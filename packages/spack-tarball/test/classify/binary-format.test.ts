// Formats of binaries are detected by the same bytes as in Spack.

import { expect, it } from "vitest";
import { binaryFormatOf } from "../../src/classify/binary-format.js";

it.each([
  ["elf", "7f454c46 02010100"],
  ["elf", "7f454c46"],
  ["mach-o", "cffaedfe 07000001"],
  ["mach-o", "feedfacf 01000007"],
  ["mach-o", "cefaedfe 07000000"],
  ["mach-o", "feedface 00000007"],
  ["mach-o", "cafebabe 00000002"],
  ["mach-o", "cafebabe 00000009"],
  ["mach-o", "bebafeca 02000000"],
  [undefined, "cafebabe 0000000a"],
  [undefined, "cafebabe 00000034"],
  [undefined, "bebafeca 0a000000"],
  [undefined, "cffaedfe 070000"],
  [undefined, "7f454c"],
  [undefined, "2321 2f62696e2f"],
  [undefined, ""],
])("%s: %s", (format, bytes) => {
  expect(binaryFormatOf(Buffer.from(bytes.replaceAll(" ", ""), "hex"))).toBe(format);
});
