// What an image takes from its base image, and which images cannot be one.

import { MEDIA_TYPES, MemoryTarget, pushBytes } from "@spack-oci/oci-client";
import { formatJson } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { readBaseImage } from "../../src/base-image/read-base-image.js";

const layer = (mediaType: string) => ({
  mediaType,
  size: 1,
  digest: `sha256:${"a".repeat(64)}`,
  own: { key: 1 },
});
const rootfs = (count: number) => ({
  type: "layers",
  diff_ids: Array(count).fill(`sha256:${"b".repeat(64)}`),
});
const linux = { os: "linux", architecture: "amd64" };

async function imageWith(
  config: object,
  layers: readonly object[] = [],
  type: string = MEDIA_TYPES.ociManifest,
) {
  const target = new MemoryTarget("base");
  const pushed = await pushBytes(target, Buffer.from(JSON.stringify(config)), {
    mediaType: MEDIA_TYPES.ociConfig,
  });
  const manifest = { schemaVersion: 2, mediaType: type, config: pushed.descriptor, layers };
  await pushBytes(target, Buffer.from(JSON.stringify(manifest)), { mediaType: type, tag: "x" });
  return readBaseImage({ target, reference: "x" }, "amd64");
}

describe("readBaseImage", () => {
  it("gives layers the media types of the manifest, and keeps their other members", async () => {
    const types = [MEDIA_TYPES.dockerLayerGzip, MEDIA_TYPES.ociLayerGzip, MEDIA_TYPES.ociLayerZstd];
    const config = { ...linux, rootfs: rootfs(3) };
    const oci = await imageWith(config, types.map(layer));
    const { ociLayerGzip, ociLayerZstd, dockerLayerGzip } = MEDIA_TYPES;
    expect(formatJson(oci.listedLayers)).toBe(
      JSON.stringify([ociLayerGzip, ociLayerGzip, ociLayerZstd].map(layer)),
    );
    const docker = await imageWith(config, types.map(layer), MEDIA_TYPES.dockerManifest);
    expect(formatJson(docker.listedLayers)).toBe(
      JSON.stringify([dockerLayerGzip, dockerLayerGzip, ociLayerZstd].map(layer)),
    );
  });

  it.each([
    ["nothing", {}, []],
    ["no config", { config: null }, []],
    ["no list", { config: { Env: null, User: "me" } }, []],
    ["a list", { config: { Env: ["B=1", "A=2"] } }, ["B=1", "A=2"]],
  ])("reads the environment of %s", async (_what, more, environment) => {
    expect(await imageWith({ ...linux, rootfs: rootfs(0), ...more })).toMatchObject({ environment });
  });

  it.each([
    ["has no layers", {}],
    ["lists other layers", { rootfs: rootfs(2) }],
    ["is a list", []],
  ])("rejects a config that %s", async (_what, config) => {
    const image = imageWith(Array.isArray(config) ? config : { ...linux, ...config }, [layer("x")]);
    await expect(image).rejects.toMatchObject({ code: "ERR_BASE_IMAGE", kind: "unsupported" });
  });

  it("rejects an image for another platform", async () => {
    const image = imageWith({ os: "linux", architecture: "ppc64le", rootfs: rootfs(0) });
    await expect(image).rejects.toMatchObject({ code: "ERR_BASE_IMAGE_PLATFORM", kind: "unsupported" });
  });

  it("passes on the registry's error if the image cannot be read", async () => {
    const image = readBaseImage({ target: new MemoryTarget("base"), reference: "gone" }, "amd64");
    await expect(image).rejects.toMatchObject({ code: "ERR_BASE_IMAGE", kind: "not-found" });
  });
});
