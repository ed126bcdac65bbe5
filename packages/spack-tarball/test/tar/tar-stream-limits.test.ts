// Shows what layers need and tar-stream does not offer. If one of these tests fails after an update of tar-stream,
// revisit the decision in docs/architecture.md.

import { decodeFileName, encodeFileName } from "@spack-oci/files";
import { extract, type Header, pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { readTar } from "../../src/tar/tar-reader.js";
import { formatTarHeader } from "../../src/tar/write-header.js";
import { chunked, collect } from "../support/bytes.js";
import { END_OF_ARCHIVE, file, rawPax, rawTar } from "../support/raw-tar.js";

/** A name that is not UTF-8, as `decodeFileName` gives it. */
const LATIN1_NAME = decodeFileName(Buffer.from("caf\xe9", "latin1"));

/** An option that the types of tar-stream lack. */
type ExtractOptions = Parameters<typeof extract>[0] & { readonly filenameEncoding?: string };

async function headersOf(archive: Buffer, options?: ExtractOptions): Promise<Header[]> {
  const extraction = extract(options);
  extraction.end(archive);
  const headers: Header[] = [];
  for await (const entry of extraction) {
    headers.push(entry.header);
    entry.resume();
  }
  return headers;
}

async function ourHeadersOf(archive: Buffer) {
  const headers = [];
  for await (const member of readTar(chunked(archive))) headers.push(member);
  return headers;
}

describe("tar-stream", () => {
  it("decodes pax records as UTF-8, which loses names in other encodings", async () => {
    const header = formatTarHeader({ name: LATIN1_NAME, type: "file", mode: 0o644, size: 0, linkName: "" });
    const archive = Buffer.concat([header, END_OF_ARCHIVE]);
    for (const filenameEncoding of ["utf-8", "latin1"]) {
      const [theirs] = await headersOf(archive, { filenameEncoding });
      expect(theirs?.name).toBe("caf\ufffd");
    }
    const [ours] = await ourHeadersOf(archive);
    expect(encodeFileName(ours?.header.name ?? "")).toEqual(Buffer.from("caf\xe9", "latin1"));
  });

  it("ignores the time in a pax record", async () => {
    const archive = rawTar([rawPax({ mtime: "86400.5" }), file("a")]);
    const [theirs] = await headersOf(archive);
    expect(theirs?.mtime).toEqual(new Date(0));
    expect((await ourHeadersOf(archive))[0]?.header.mtime).toBe(86400);
  });

  it("does not expose the blocks of a header, which merged layers keep", async () => {
    const blocks = rawTar([rawPax({ comment: "kept", "SCHILY.xattr.user.a": "\xff" }), file("a")]);
    const archive = blocks.subarray(0, -END_OF_ARCHIVE.length);
    const [theirs] = await headersOf(blocks);
    const values = Object.values(theirs ?? {});
    expect(values.some((value) => Buffer.isBuffer(value) || value instanceof Uint8Array)).toBe(false);
    expect((await ourHeadersOf(blocks))[0]?.blocks).toEqual(archive);
  });

  it("writes headers that differ from Python's, so that the diff ID would differ from Spack's", async () => {
    const packer = pack();
    packer.entry({ name: "a", mode: 0o644, uid: 0, gid: 0, mtime: new Date(0), size: 0 }, "");
    packer.finalize();
    const theirs = await collect(packer as unknown as AsyncIterable<Buffer>);
    const ours = formatTarHeader({ name: "a", type: "file", mode: 0o644, size: 0, linkName: "" });
    // Mode, owner and group end in a space and a NUL; Python writes seven digits and a NUL.
    expect(theirs.toString("latin1", 100, 108)).toBe("000644 \0");
    expect(ours.toString("latin1", 100, 108)).toBe("0000644\0");
    expect(theirs.subarray(0, 512).equals(ours)).toBe(false);
    // Python pads the archive to a record of 20 blocks.
    expect(theirs.length).toBe(3 * 512);
  });
});
