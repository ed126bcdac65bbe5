// An archive in memory has the members of the same archive as a stream, or the same error.

import fc from "fast-check";
import { expect, it } from "vitest";
import { type ArchiveMember, readArchive } from "../../src/tar/archive-members.js";
import { readTar } from "../../src/tar/tar-reader.js";
import { chunked } from "../support/bytes.js";
import { directory, file, rawPax, rawTar, symlink } from "../support/raw-tar.js";

async function streamed(archive: Buffer) {
  const found: unknown[] = [];
  try {
    for await (const member of readTar(chunked(archive)))
      found.push([member.header, (await member.bytes()).toString("latin1")]);
  } catch (error) {
    return [found, (error as { code?: string }).code];
  }
  return [found, undefined];
}

function atOnce(archive: Buffer) {
  const found: unknown[] = [];
  const see = ({ header, content }: ArchiveMember) => found.push([header, content.toString("latin1")]);
  try {
    readArchive(archive, see);
  } catch (error) {
    return [found, (error as { code?: string }).code];
  }
  return [found, undefined];
}

const name = fc.constantFrom("a", "b/c", "\xe9");
const member = fc.oneof(
  fc.tuple(name, fc.nat(1500)).map(([path, size]) => file(path, "x".repeat(size))),
  name.map((path) => directory(path)),
  name.map((path) => symlink(path, "to")),
  fc.constantFrom("x", "g").map((type) => rawPax({ path: "long/name", mtime: "7.5" }, type)),
  fc.constant({ ...file("short"), size: 9 }),
);

it("reads the same, complete or cut anywhere", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(member, { maxLength: 6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (all, part) => {
        const whole = rawTar(all);
        for (const archive of [whole, whole.subarray(0, Math.floor(whole.length * part))]) {
          const [members, code] = atOnce(archive);
          const [expected, expectedCode] = await streamed(archive);
          expect(code).toBe(expectedCode);
          // A stream shows a member before it finds its padding missing.
          expect((expected as unknown[]).slice(0, (members as unknown[]).length)).toEqual(members);
        }
      },
    ),
  );
});
