// Small packages are packed in memory into the bytes that streaming gives; what is not small is left to streaming.

import { existsSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isFileSystemSlow, lstat } from "@spack-oci/files";
import { beforeEach, expect, it } from "vitest";
import { packAtOnce } from "../../src/pack/pack-at-once.js";
import { type PackRequest, packPrefix } from "../../src/pack/pack-prefix.js";
import { ENTRY_POINT } from "../../src/tar/archive-chunks.js";
import { freshPath } from "../support/directories.js";

const PREFIX = "/store/p";

function requestFor(directory: string): PackRequest {
  return {
    prefix: PREFIX,
    directory,
    sbangInstallPath: "/store/bin/sbang",
    buildPath: "/store",
    spackPrefix: "/spack",
    relativePrefix: "p",
    hashToPrefix: new Map([["a".repeat(32), PREFIX]]),
  };
}

/** A package with everything that is relocated, and two megabytes of what is not. */
function writePackage(): string {
  const directory = freshPath();
  mkdirSync(join(directory, ".spack"), { recursive: true });
  mkdirSync(join(directory, "lib"));
  writeFileSync(join(directory, "lib/libx.so"), Buffer.from(`\x7fELF....${PREFIX}/lib\0`));
  writeFileSync(join(directory, "lib/x.pc"), `prefix=${PREFIX}\n`);
  writeFileSync(join(directory, "lib/mentions.bin"), Buffer.from(`\0\xff${PREFIX}\0`, "latin1"));
  writeFileSync(join(directory, "lib/latin1.txt"), Buffer.from(`\xe4 ${PREFIX}\n`, "latin1"));
  writeFileSync(join(directory, "large"), Buffer.alloc(2_000_000, "spack "));
  writeFileSync(join(directory, "empty"), "");
  linkSync(join(directory, "lib/x.pc"), join(directory, "second name"));
  symlinkSync(`${PREFIX}/lib`, join(directory, "link"));
  symlinkSync("lib", join(directory, "\u00e4".repeat(60)));
  writeFileSync(join(directory, ".spack/binary_distribution"), "from the layer that the package came from");
  linkSync(join(directory, ".spack/binary_distribution"), join(directory, "lib/another name of it"));
  writeFileSync(join(directory, ".spack/spec.json"), `{"path": "${PREFIX}"}`);
  return directory;
}

/** On a busy machine, the file system can seem slow; then nothing is packed at once until it has been tried again. */
async function waitUntilFast(): Promise<void> {
  while (isFileSystemSlow()) await lstat("/");
}

beforeEach(waitUntilFast);

it("gives the same bytes, and marks where the last member begins", async () => {
  const request = requestFor(writePackage());
  const chunks: Buffer[] = [];
  for await (const chunk of packPrefix(request))
    chunks.push(chunk === ENTRY_POINT ? chunk : Buffer.from(chunk));
  const entry = chunks.indexOf(ENTRY_POINT);
  await waitUntilFast();
  const [content, mark, end] = packAtOnce(request, 10_000_000) ?? [];
  expect(mark).toBe(ENTRY_POINT);
  expect(content?.equals(Buffer.concat(chunks.slice(0, entry)))).toBe(true);
  expect(end?.equals(Buffer.concat(chunks.slice(entry)))).toBe(true);
});

it("leaves packages with too many bytes to streaming", () => {
  const directory = writePackage();
  expect(packAtOnce(requestFor(directory), 1_999_999)).toBeUndefined();
  expect(packAtOnce(requestFor(directory), 2_001_000)).toBeDefined();
});

it("leaves packages with too many entries to streaming", () => {
  const directory = freshPath();
  mkdirSync(directory);
  for (let count = 0; count < 4095; count += 1) symlinkSync("a", join(directory, `${count}`));
  expect(packAtOnce(requestFor(directory), 1_000_000)).toBeDefined();
  symlinkSync("a", join(directory, "one more"));
  expect(packAtOnce(requestFor(directory), 1_000_000)).toBeUndefined();
});

// The kernel reports no size for these files, as if they had grown since they were listed.
it.skipIf(!existsSync("/proc/sys/kernel/random"))("rejects files that are not as long as they were", () => {
  expect(() => packAtOnce(requestFor("/proc/sys/kernel/random"), 1_000_000)).toThrow(
    expect.objectContaining({ code: "ERR_FILE_CHANGED", kind: "conflict" }),
  );
});
