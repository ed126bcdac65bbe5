// Reads provenance from the ends of a layer, without the middle, for every way in which layers are written.

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixture } from "../../../../tests/support/fixtures.js";
import { gzipInBlocks } from "../../src/compression/block-gzip.js";
import { zstdInBlocks } from "../../src/compression/zstd-encoder.js";
import { packPrefix } from "../../src/pack/pack-prefix.js";
import { provenanceAtEnd, provenanceAtStart } from "../../src/provenance/ends-of-layer.js";
import { readProvenance, readProvenanceAtStart } from "../../src/provenance/read-provenance.js";
import { chunked, collect } from "../support/bytes.js";
import { directory, file, rawTar } from "../support/raw-tar.js";

const HASH = "a".repeat(32);
/** Longer than the field of a tar header. */
const PADDED = `/opt/spack/${Array(4).fill("__spack_path_placeholder__").join("/")}/__spack_p`;
const ENDS = 32 * 1024;

const source = mkdtempSync(join(tmpdir(), "ends-"));
afterAll(() => rmSync(source, { recursive: true }));
beforeAll(() => {
  mkdirSync(join(source, ".spack"));
  mkdirSync(join(source, "lib"));
  const builder = JSON.stringify({ host_os: "debian12", spack_version: "1.2.0.dev0 (abc)" });
  writeFileSync(join(source, ".spack/install_environment.json"), builder);
  writeFileSync(join(source, ".spack/spec.json"), "{}");
  writeFileSync(join(source, "lib/large"), randomBytes(2_000_000));
});

function pack(root: string): AsyncGenerator<Buffer> {
  const prefix = `${root}/linux-x86_64/pkg-1-${HASH}`;
  return packPrefix({
    prefix,
    directory: source,
    buildPath: root,
    sbangInstallPath: `${root}/bin/sbang`,
    spackPrefix: undefined,
    relativePrefix: `linux-x86_64/pkg-1-${HASH}`,
    hashToPrefix: new Map([[HASH, prefix]]),
  });
}

describe.each([
  ["short", "/opt/spack"],
  ["padded", PADDED],
])("a package below a %s root", (_kind, root) => {
  const prefix = `${root}/linux-x86_64/pkg-1-${HASH}`;

  it("is in both ends of a layer that this program wrote", async () => {
    const layer = await collect(gzipInBlocks(pack(root), 2));
    expect(await provenanceAtStart(layer.subarray(0, ENDS))).toEqual({
      prefix,
      spackVersion: "1.2.0.dev0 (abc)",
    });
    const end = await provenanceAtEnd(layer.subarray(-ENDS), "gzip");
    expect(end).toMatchObject({ prefix, buildInfo: { buildPath: root } });
    expect(end?.buildInfo?.hashToPrefix.get(HASH)).toBe(prefix);
  });

  it("is only in the start of a gzip stream without an entry point", async () => {
    const layer = gzipSync(await collect(pack(root)));
    expect(await provenanceAtStart(layer.subarray(0, ENDS))).toMatchObject({ prefix });
    expect(await provenanceAtEnd(layer.subarray(-ENDS), "gzip")).toBeUndefined();
  });

  it("cannot be read from the end if the last member of the archive is not by itself", async () => {
    const layer = await collect(gzipInBlocks(chunked(await collect(pack(root))), 2));
    expect(await provenanceAtEnd(layer.subarray(-ENDS), "gzip")).toBeUndefined();
  });

  it("is in both ends of a plain archive", async () => {
    const layer = await collect(pack(root));
    expect(await provenanceAtStart(layer.subarray(0, ENDS))).toMatchObject({ prefix });
    expect(await provenanceAtEnd(layer.subarray(-ENDS), "none")).toMatchObject({
      prefix,
      buildInfo: { buildPath: root },
    });
  });

  it("is in the end of zstd frames", async () => {
    const layer = await collect(zstdInBlocks(pack(root)));
    expect(await provenanceAtStart(layer.subarray(0, ENDS))).toBeUndefined();
    expect(await provenanceAtEnd(layer.subarray(-ENDS), "zstd")).toMatchObject({
      prefix,
      buildInfo: { buildPath: root },
    });
    expect(await readProvenanceAtStart(chunked(layer))).toMatchObject({ prefix });
  });

  it("is in the stream, which is closed as early as possible", async () => {
    const layer = await collect(gzipInBlocks(pack(root), 2));
    expect(await readProvenance(chunked(layer))).toMatchObject({ prefix, buildInfo: { buildPath: root } });
    let taken = 0;
    async function* counted() {
      for await (const chunk of chunked(layer)) {
        taken += chunk.length;
        yield chunk;
      }
    }
    expect(await readProvenanceAtStart(counted())).toEqual({ prefix, spackVersion: "1.2.0.dev0 (abc)" });
    expect(taken).toBeLessThan(layer.length / 2);
  });
});

it("an entry point does not change the archive", async () => {
  const archive = await collect(pack("/opt/spack"));
  expect(gunzipSync(await collect(gzipInBlocks(pack("/opt/spack"), 2))).equals(archive)).toBe(true);
});

it.each([0, 1, 700, ENDS])(
  "the start of a layer is not misread if it ends after %i bytes",
  async (length) => {
    const layer = await collect(gzipInBlocks(pack(PADDED), 2));
    const origin = await provenanceAtStart(layer.subarray(0, length));
    expect([undefined, `${PADDED}/linux-x86_64/pkg-1-${HASH}`]).toContain(origin?.prefix);
  },
);

it("bytes that are not an archive have no provenance", async () => {
  expect(await provenanceAtStart(Buffer.from("<html>"))).toMatchObject({ prefix: undefined });
  expect(await provenanceAtStart(Buffer.from([0x1f, 0x8b, 1, 2, 3]))).toBeUndefined();
  expect(await provenanceAtStart(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]))).toBeUndefined();
  expect(await provenanceAtEnd(randomBytes(ENDS), "gzip")).toBeUndefined();
  expect(await provenanceAtEnd(randomBytes(ENDS), "none")).toBeUndefined();
});

it("a prefix may be below a .spack directory", async () => {
  const archive = rawTar([
    directory("home/.spack/p"),
    file("home/.spack/p/LICENSE"),
    file("home/.spack/p/.spack/spec.json", "{}"),
    file("home/.spack/p/bin/x"),
  ]);
  expect(await provenanceAtStart(archive)).toMatchObject({ prefix: "/home/.spack/p" });
  expect(await readProvenanceAtStart(chunked(archive))).toMatchObject({ prefix: "/home/.spack/p" });
});

it("the stream of a layer that is not a package is an error", async () => {
  await expect(readProvenance(chunked(gzipSync(Buffer.alloc(10_240))))).rejects.toMatchObject({
    code: "ERR_NOT_A_PACKAGE",
  });
});

it("every layer that Spack wrote has its prefix and its Spack at its start", async () => {
  const blobs = fixture("oci-layout-main/blobs/sha256");
  let layers = 0;
  for (const name of readdirSync(blobs)) {
    const bytes = readFileSync(join(blobs, name));
    if (bytes[0] !== 0x1f) continue;
    layers += 1;
    const whole = await readProvenance(chunked(bytes));
    expect(await provenanceAtStart(bytes.subarray(0, 16 * 1024))).toEqual({ ...whole, buildInfo: undefined });
    expect(whole.spackVersion).toMatch(/^1\.2\.0\.dev0 /);
  }
  expect(layers).toBe(20);
});
