// The config of an image names the compression of the package's own layer.

import type { JsonObject } from "@spack-oci/spack-spec";
import { parseJson, readSpecDocument } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { formatImageConfig, withRepackedLayer } from "../../src/package-image/image-config.js";
import { fixtureConfig, fixtureTag } from "../support/image.js";

const DIGEST = `sha256:${"a".repeat(64)}` as const;
const layer = (mediaType: string) => ({ descriptor: { mediaType, digest: DIGEST, size: 1 }, diffId: DIGEST });

async function compressionIn(mediaType: string): Promise<unknown> {
  const { root, graph } = readSpecDocument(parseJson(await fixtureConfig(await fixtureTag("json-c-lite"))));
  const request = { graph, node: root, createdAt: new Date(0), environment: [] };
  const text = formatImageConfig({ ...request, layers: [layer("application/x-base"), layer(mediaType)] });
  return (parseJson(text) as JsonObject).get("archive_compression");
}

describe("archive_compression", () => {
  it.each([
    ["application/vnd.oci.image.layer.v1.tar+gzip", "gzip"],
    ["application/vnd.docker.image.rootfs.diff.tar.gzip", "gzip"],
    ["application/vnd.oci.image.layer.v1.tar+zstd", "zstd"],
    ["application/vnd.oci.image.layer.v1.tar", "none"],
  ])("follows the media type: %s is %s", async (mediaType, compression) => {
    expect(await compressionIn(mediaType)).toBe(compression);
  });

  it("is not guessed for an unsupported compression", async () => {
    const xz = "application/vnd.oci.image.layer.v1.tar+xz";
    const unsupported = { code: "ERR_LAYER_UNREADABLE", kind: "unsupported", place: DIGEST };
    await expect(compressionIn(xz)).rejects.toMatchObject(unsupported);
    expect(() => withRepackedLayer(new Map(), layer(xz), new Date(0))).toThrow(
      expect.objectContaining(unsupported),
    );
  });
});
