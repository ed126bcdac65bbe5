// The table of compressions agrees with itself, and everything that derives from it covers all of it.

import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CODECS } from "../../src/compression/codecs.js";
import {
  COMPRESSIONS,
  compressionOf,
  compressionOfMediaType,
  DEFAULT_COMPRESSION,
  type FoundCompression,
  WRITTEN_COMPRESSIONS,
} from "../../src/compression/compressions.js";
import { decompress } from "../../src/compression/decompress.js";
import { chunked, collect } from "../support/bytes.js";

const XZ = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const NAMES = Object.keys(COMPRESSIONS) as FoundCompression[];

describe("COMPRESSIONS", () => {
  it("lists those that are written, and gzip is the default", () => {
    expect(WRITTEN_COMPRESSIONS).toEqual(["gzip", "zstd"]);
    expect(DEFAULT_COMPRESSION).toBe("gzip");
  });

  it("has no magic that begins with another", () => {
    const marked = NAMES.map((name) => COMPRESSIONS[name].magic.join()).filter((magic) => magic !== "");
    const clashes = marked.flatMap((one) => marked.filter((other) => other !== one && other.startsWith(one)));
    expect(clashes).toEqual([]);
  });

  it("has a different media type for each compression", () => {
    expect(NAMES.map((name) => compressionOfMediaType(COMPRESSIONS[name].mediaType))).toEqual(NAMES);
  });

  it("does not compile with a codec missing", () => {
    const { zstd: _, ...rest } = CODECS;
    // @ts-expect-error zstd is in the table
    const incomplete: typeof CODECS = rest;
    expect(incomplete).not.toHaveProperty("zstd");
  });
});

describe("compressionOf", () => {
  it.each(WRITTEN_COMPRESSIONS)("recognizes what its own codec writes: %s", async (name) => {
    const layer = await collect(CODECS[name].encode(chunked(Buffer.from("hello"), 2)));
    expect(compressionOf(layer)).toBe(name);
    expect((await collect(decompress(chunked(layer, 3)))).toString()).toBe("hello");
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["half a magic", Buffer.from([0x1f])],
    ["xz", XZ],
    ["zlib", deflateSync("hello")],
  ])("takes %s for an archive that is not compressed", (_, bytes) => {
    expect(compressionOf(bytes)).toBe("none");
  });

  it("needs no more than the magic", () => {
    expect(compressionOf(gzipSync("").subarray(0, 2))).toBe("gzip");
  });
});

describe("compressionOfMediaType", () => {
  it.each([
    ["application/vnd.oci.image.layer.v1.tar", "none"],
    ["application/vnd.oci.image.layer.v1.tar+gzip", "gzip"],
    ["application/vnd.oci.image.layer.v1.tar+zstd", "zstd"],
    ["application/vnd.docker.image.rootfs.diff.tar.gzip", "gzip"],
    ["application/vnd.spack.install.v2.tar+gzip", "gzip"],
    ["application/vnd.oci.image.layer.v1.tar+xz", undefined],
    ["application/vnd.oci.image.config.v1+json", undefined],
    ["", undefined],
  ])("%s: %s", (mediaType, compression) => {
    expect(compressionOfMediaType(mediaType)).toBe(compression);
  });
});
