// A file that grew in memory is in several parts. It is written and described as the whole that it is.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MemoryFile, type MemoryTree } from "@spack-oci/files";
import { describe, expect, it } from "vitest";
import { ArrivingPrefix } from "../../src/post-install/arriving-prefix.js";
import { contentHash } from "../../src/post-install/describe-entry.js";
import { packagePermissions } from "../../src/post-install/permissions.js";
import { writePrefix } from "../../src/post-install/write-prefix.js";
import { temporaryDirectory } from "../support/temporary.js";

const permissions = packagePermissions();
const sbangPath = "/s/bin/sbang";
const UNLIMITED = { take: () => true, give: () => {} };

function grown(text: string, firstPart: number): MemoryFile {
  const file = new MemoryFile(Buffer.from(text.slice(0, firstPart)));
  file.writeNow(Buffer.from(text.slice(firstPart)), firstPart);
  expect(file.parts).toHaveLength(2);
  return file;
}

/** What both ways of installing a file make of it, and its hash in the manifest. */
function install(text: string, firstPart: number) {
  const directory = temporaryDirectory();
  const arriving = new ArrivingPrefix({ permissions, sbangPath, remembered: UNLIMITED });
  const path = join(directory, "arrived");
  arriving.file(
    { name: "file", path, create: (make) => make(path) },
    { mode: 0o755, mtime: 5 },
    { content: grown(text, firstPart), isFinal: true },
  );
  const tree: MemoryTree = new Map([
    ["", { type: "directory" }],
    [".spack", { type: "directory" }],
    ["file", { type: "file", file: { content: grown(text, firstPart), mode: 0o755, mtime: 5 } }],
  ]);
  const prefix = join(directory, "prefix");
  writePrefix(prefix, tree, { finalPrefix: "/final", permissions, sbangPath, installTimes: () => "{}" });
  const manifest = JSON.parse(readFileSync(join(prefix, ".spack/install_manifest.json"), "utf8"));
  return {
    contents: [path, join(prefix, "file")].map((each) => readFileSync(each, "utf8")),
    hashes: [
      contentHash(Buffer.from(arriving.find("file")?.sha1 ?? "", "latin1")),
      manifest["/final/file"].hash,
    ],
  };
}

describe("a file that grew", () => {
  const script = `#!/${"x".repeat(200)}/perl\nbody\n`;
  it.each([
    ["a program", "\x7fELF and more", 8, "\x7fELF and more"],
    ["a script, whose interpreter line is in both parts", script, 50, `#!/bin/sh ${sbangPath}\n${script}`],
  ])("%s is written and hashed as a whole", (_, text, firstPart, expected) => {
    const { contents, hashes } = install(text, firstPart);
    expect(contents).toEqual([expected, expected]);
    const sha1 = contentHash(createHash("sha1").update(expected).digest());
    expect(hashes).toEqual([sha1, sha1]);
  });
});
