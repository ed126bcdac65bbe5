// Configs and manifests, with Spack's keys in Spack's order, written and read.

import { fetchManifest, MEDIA_TYPES } from "@spack-oci/oci-client";
import { formatJson, type JsonObject, parseJson, readSpecDocument } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { formatImageConfig, parseImageConfig } from "../../src/package-image/image-config.js";
import { descriptionOf, formatImageManifest } from "../../src/package-image/image-manifest.js";
import { fixtureConfig, fixtureLayout, fixtureTag, fixtureTags } from "../support/image.js";

const digest = (letter: string) => `sha256:${letter.repeat(64)}` as const;
const layer = (letter: string, size: number) => ({
  descriptor: { mediaType: MEDIA_TYPES.ociLayerGzip, digest: digest(letter), size },
  diffId: digest(letter.toUpperCase()),
});

describe("formatImageConfig", () => {
  it("equals Spack's text for every package of the fixture, except for layers and time", async () => {
    for (const tag of await fixtureTags()) {
      const theirs = await fixtureConfig(tag);
      const { root, graph } = readSpecDocument(parseJson(theirs));
      const layers = [layer("a", 1), layer("b", 2)];
      const ours = formatImageConfig({
        graph,
        node: root,
        layers,
        createdAt: new Date(0),
        environment: ["A=b"],
      });
      const [mine, spacks] = [ours, theirs].map((text) => JSON.parse(text) as Record<string, unknown>);
      expect(Object.keys(mine ?? {})).toEqual(Object.keys(spacks ?? {}));
      expect(JSON.stringify(mine?.["spec"])).toBe(JSON.stringify(spacks?.["spec"]));
      expect(mine).toMatchObject({
        config: { Env: ["A=b"] },
        rootfs: { type: "layers", diff_ids: [digest("A"), digest("B")] },
        binary_cache_checksum: { hash_algorithm: "sha256", hash: "b".repeat(64) },
        archive_size: 2,
        archive_timestamp: "1970-01-01T00:00:00.000000+00:00",
      });
    }
  });
});

describe("formatImageConfig on top of a base", () => {
  it("keeps the base's members in order, and replaces those that a package sets", async () => {
    const { root, graph } = readSpecDocument(parseJson(await fixtureConfig(await fixtureTag("json-c-lite"))));
    const base = parseJson(
      '{"2":1,"spec":"old","config":{"User":"me","Env":["A=1"],"Cmd":["sh"]},"rootfs":{"diff_ids":["x"],"type":"layers"},"1":2}',
    ) as JsonObject;
    const request = {
      graph,
      node: root,
      layers: [layer("a", 1)],
      createdAt: new Date(0),
      environment: ["B=2"],
    };
    const text = formatImageConfig({ ...request, base });
    expect(text).toMatch(/^\{"2":1,"spec":\{"_meta"/);
    expect(text).toContain(
      `"config":{"User":"me","Env":["B=2"],"Cmd":["sh"]},"rootfs":{"diff_ids":["x","${digest("A")}"],"type":"layers"},"1":2,"buildcache_layout_version":3,`,
    );
    expect(formatJson(base)).toContain('"Env":["A=1"]');
  });
});

describe("parseImageConfig", () => {
  it("reads the spec, and the digest of the package's own layer", async () => {
    const tag = await fixtureTag("json-c-lite");
    const { document, diffIds } = parseImageConfig(await fixtureConfig(tag), tag);
    expect(document.root).toMatchObject({ name: "json-c-lite", version: "0.18" });
    expect(diffIds.at(-1)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("reads when the package was packed, ignoring the time of a base image", async () => {
    const text = await fixtureConfig(await fixtureTag("json-c-lite"));
    const config = JSON.parse(text) as Record<string, unknown>;
    const timeIn = (changes: object) =>
      parseImageConfig(JSON.stringify({ ...config, ...changes }), "x").packedAt;
    expect(timeIn({})?.toISOString()).toBe("2026-11-22T15:25:38.190Z");
    expect(timeIn({ archive_timestamp: undefined, created: "2020-01-01T00:00:00Z" })).toBeUndefined();
    expect(timeIn({ archive_timestamp: "yesterday" })).toBeUndefined();
  });

  it("reads older layouts, and rejects newer ones by version", async () => {
    const config = JSON.parse(await fixtureConfig(await fixtureTag("json-c-lite"))) as Record<
      string,
      unknown
    >;
    const { buildcache_layout_version: _version, rootfs: _rootfs, ...old } = config;
    expect(parseImageConfig(JSON.stringify(old), "x")).toMatchObject({ diffIds: [] });
    for (const version of [1, 2, 3]) {
      const text = JSON.stringify({ ...config, buildcache_layout_version: version });
      expect(parseImageConfig(text, "x").document.root.name).toBe("json-c-lite");
    }
    for (const version of [4, "five"]) {
      const text = JSON.stringify({ ...config, buildcache_layout_version: version });
      expect(() => parseImageConfig(text, "host/path:tag")).toThrow(/^host\/path:tag has buildcache layout/);
    }
  });

  it("names an image that is not a package", () => {
    expect(() => parseImageConfig("{}", "host/path:tag")).toThrow(
      expect.objectContaining({ code: "ERR_NOT_A_PACKAGE", kind: "unsupported", place: "host/path:tag" }),
    );
  });
});

describe("formatImageManifest", () => {
  const config = {
    mediaType: MEDIA_TYPES.ociConfig,
    digest: digest("c"),
    size: 3,
    annotations: { not: "kept" },
  };

  it("equals Spack's text, compact and in Spack's order", async () => {
    const tag = await fixtureTag("margo-lite");
    const { bytes, manifest } = await fetchManifest(fixtureLayout, tag);
    if (!("layers" in manifest)) throw new Error("not an image");
    const annotations = descriptionOf(manifest.annotations?.["org.opencontainers.image.description"] ?? "");
    const ours = formatImageManifest({ config: manifest.config, layers: manifest.layers, annotations });
    expect(JSON.parse(ours)).toEqual(JSON.parse(bytes.toString()));
    expect(Object.keys(JSON.parse(ours))).toEqual(Object.keys(JSON.parse(bytes.toString())));
  });

  it("omits empty annotations, and writes only the three keys of a descriptor", () => {
    const text = formatImageManifest({ config, layers: [layer("a", 1).descriptor] });
    expect(Object.keys(JSON.parse(text))).toEqual(["mediaType", "schemaVersion", "config", "layers"]);
    expect(JSON.parse(text)).toMatchObject({ config: { digest: digest("c"), size: 3 } });
    expect(text).not.toContain("annotations");
    expect(text).not.toContain("\n");
  });
});
