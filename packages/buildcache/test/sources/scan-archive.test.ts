// What a passing archive reveals; a stream that is not an archive fails rather than hangs.

import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { fetchBytes } from "@spack-oci/oci-client";
import { pack } from "tar-stream";
import { expect, it } from "vitest";
import { readPackageImage } from "../../src/package-image/read-image.js";
import { scanArchive, scanning } from "../../src/sources/scan-archive.js";
import { fixtureLayout, fixtureTag } from "../support/image.js";

async function layerOf(start: string): Promise<{ bytes: Buffer; diffId: string; prefix: string }> {
  const { layer, document } = await readPackageImage(fixtureLayout, await fixtureTag(start));
  const bytes = await fetchBytes(fixtureLayout, layer.descriptor, { limit: 2 ** 26 });
  return { bytes, diffId: layer.diffId, prefix: document.root.hash };
}

const stream = (bytes: Buffer, size = 1000) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    ),
    { objectMode: false },
  );

it("finds the diff ID, the prefix and the directories of an archive that passes unchanged", async () => {
  const layer = await layerOf("margo-lite");
  const { bytes, scanned } = scanning(stream(layer.bytes), "here");
  expect((await buffer(bytes)).equals(layer.bytes)).toBe(true);
  const { diffId, prefix, paths } = await scanned;
  expect(diffId).toBe(layer.diffId);
  expect(prefix).toContain(layer.prefix);
  expect(["bin", "lib", "share/aclocal"].map((name) => paths.isDirectory(`${prefix}/${name}`))).toEqual([
    true,
    true,
    false,
  ]);
});

it("hashes the whole archive, including bytes after its last member", async () => {
  const { bytes } = await layerOf("json-c-lite");
  const tar = Buffer.concat([gunzipSync(bytes), Buffer.alloc(10_240)]);
  const { diffId } = await scanArchive(stream(gzipSync(tar)), "here");
  expect(diffId).toBe(`sha256:${createHash("sha256").update(tar).digest("hex")}`);
});

it("takes the build info with the shortest name for the package's own", async () => {
  const { bytes, prefix } = await layerOf("margo-lite");
  const archive = pack();
  archive.entry(
    { name: `opt/${"deep/".repeat(50)}.spack/binary_distribution` },
    "{buildpath: /elsewhere, hash_to_prefix: {x: /elsewhere/x}}",
  );
  archive.finalize();
  const nested = (await buffer(archive)).subarray(0, -1024);
  const scan = await scanArchive(stream(Buffer.concat([nested, gunzipSync(bytes)])), "here");
  expect(scan.prefix).toContain(prefix);
});

it.each([
  ["not an archive", () => gzipSync(Buffer.alloc(5_000_000, "x"))],
  ["truncated", async () => (await layerOf("gcc-runtime")).bytes.subarray(0, 400_000)],
  ["an archive of something else", () => gzipSync(Buffer.alloc(10_240))],
])("fails for %s", async (_what, make) => {
  const { bytes, scanned } = scanning(stream(await make()), "here");
  const read = buffer(bytes).then(
    () => "read",
    () => "failed",
  );
  await expect(scanned).rejects.toMatchObject({ kind: "corrupt" });
  expect(["read", "failed"]).toContain(await read);
});
