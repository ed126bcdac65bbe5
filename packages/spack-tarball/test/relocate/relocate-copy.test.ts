// A copied file is relocated by its type, and keeps its permissions.

import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { MemoryFile } from "@spack-oci/files";
import { describe, expect, it } from "vitest";
import { PrefixMap } from "../../src/prefixes/prefix-map.js";
import { relocateCopy } from "../../src/relocate/relocate-copy.js";
import { freshPath } from "../support/directories.js";
import { machOImage } from "../support/macho-images.js";
import { blob, oldDirectory, signaturesIn, superBlob } from "../support/macho-signatures.js";

const maps = {
  binaries: new PrefixMap([["/store/package", "/view"]]),
  text: new PrefixMap([
    ["/store/package", "/view"],
    ["/store", "/a/longer/view"],
  ]),
};

async function relocated(content: string, mode = 0o644) {
  const path = freshPath();
  writeFileSync(path, content, "latin1");
  chmodSync(path, mode);
  await relocateCopy(path, maps);
  return { text: readFileSync(path, "latin1"), mode: statSync(path).mode & 0o777 };
}

describe("relocateCopy", () => {
  it("replaces all prefixes in text, with room or without", async () => {
    expect((await relocated("/store/package/x /store/y")).text).toBe("/view/x /a/longer/view/y");
  });

  it.each(["\x7fELF", "\xcf\xfa\xed\xfe"])("overwrites strings of binaries only (%j)", async (magic) => {
    const { text } = await relocated(`${magic}....../store/package/lib/long-name\0/store/y\0`);
    expect(text).toBe(`${magic}......${"/".repeat(9)}/view/lib/long-name\0/store/y\0`);
  });

  it("fails if a string of a binary has no room", async () => {
    const path = freshPath();
    writeFileSync(path, "\x7fELF..../s\0");
    const longer = new PrefixMap([["/s", "/longer"]]);
    await expect(relocateCopy(path, { binaries: longer, text: longer })).rejects.toMatchObject({
      code: "ERR_RELOCATION_BLOCKED",
      place: path,
    });
  });

  it.each([0o444, 0o555])("keeps the mode %o of a file that is not writable", async (mode) => {
    expect(await relocated("/store/package", mode)).toEqual({ text: "/view", mode });
  });

  it.each([
    ["signs a Mach-O file of a package for macOS", "darwin", 1],
    ["does not sign one of another package", "linux", 0],
  ])("%s", async (_, platform, count) => {
    const path = freshPath();
    writeFileSync(path, machOImage({ text: "/store/package/share\0" }));
    await relocateCopy(path, { ...maps, platform });
    const file = new MemoryFile(readFileSync(path));
    expect(file.bytes.includes("/view/share\0")).toBe(true);
    expect(signaturesIn(file).map(({ wrongPages }) => wrongPages)).toEqual(Array(count).fill([]));
  });

  it("reports a Mach-O file that loses the identity of its signature", async () => {
    const lost: string[] = [];
    const copied = async (text: string, cms: Buffer) => {
      const path = freshPath();
      const signature = superBlob([
        [0, oldDirectory()],
        [0x10000, blob(0xfade0b01, cms)],
      ]);
      writeFileSync(path, machOImage({ text, signature, padding: 2000 }));
      await relocateCopy(path, { ...maps, platform: "darwin", onIdentityLost: (file) => lost.push(file) });
      return path;
    };
    const changed = await copied("/store/package/share\0", Buffer.alloc(4000, 1));
    await copied("/elsewhere/share\0", Buffer.alloc(4000, 1));
    await copied("/store/package/share\0", Buffer.alloc(0));
    expect(lost).toEqual([changed]);
  });
});
