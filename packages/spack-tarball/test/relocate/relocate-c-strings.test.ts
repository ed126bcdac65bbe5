// Binaries are patched in place, including strings across chunks.

import { readFileSync, writeFileSync } from "node:fs";
import { openFile } from "@spack-oci/files";
import { describe, expect, it } from "vitest";
import { PrefixMap } from "../../src/prefixes/prefix-map.js";
import { relocateCStrings } from "../../src/relocate/relocate-c-strings.js";
import { freshPath } from "../support/directories.js";
import { modelRelocatedBinary } from "../support/models.js";

const MEBIBYTE = 1024 * 1024;
const ENTRIES: [string, string][] = [
  ["/padding/padding/prefix", "/new/prefix"],
  ["/padding/padding", "/n"],
  ["/short", "/longer"],
];

async function relocated(binary: Buffer) {
  const path = freshPath();
  writeFileSync(path, binary);
  const file = await openFile(path, "r+");
  try {
    const blocked = await relocateCStrings(file, new PrefixMap(ENTRIES));
    return { bytes: readFileSync(path), blocked };
  } finally {
    await file.close();
  }
}

describe("relocateCStrings", () => {
  it("patches strings around the ends of chunks in place", async () => {
    const strings = [
      "/padding/padding/prefix/lib\0",
      "/padding/padding\0",
      "/padding/padding/prefix/x/y/z/w",
    ];
    for (let back = -34; back <= 1; back += 1) {
      const binary = Buffer.alloc(2 * MEBIBYTE + 100, "binary\0");
      for (const [index, text] of strings.entries()) {
        binary.write(
          text,
          index === 2 ? binary.length - text.length : (index + 1) * MEBIBYTE + back,
          "latin1",
        );
      }
      const { bytes, blocked } = await relocated(binary);
      expect(blocked).toEqual([]);
      expect(bytes.equals(modelRelocatedBinary(ENTRIES, binary).bytes)).toBe(true);
    }
  });

  it("reports every string that does not fit, with its position", async () => {
    const binary = Buffer.alloc(MEBIBYTE + 100);
    for (const at of [0, 70, MEBIBYTE - 3, MEBIBYTE + 90]) binary.write("/short", at, "latin1");
    const { bytes, blocked } = await relocated(binary);
    expect(blocked.map(({ position, reason }) => [position, reason])).toEqual(
      [0, 70, MEBIBYTE - 3, MEBIBYTE + 90].map((at) => [at, "cannot-grow"]),
    );
    expect(bytes.equals(binary)).toBe(true);
  });
});
