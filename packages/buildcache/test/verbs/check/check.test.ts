// Checks of intact buildcaches, and of ones with a single problem each.

import { gunzipSync } from "node:zlib";
import {
  type Descriptor,
  descriptorOf,
  fetchBytes,
  fetchManifest,
  type ImageManifest,
  MEDIA_TYPES,
  MemoryTarget,
  pushBytes,
} from "@spack-oci/oci-client";
import { beforeEach, describe, expect, it } from "vitest";
import type { BuildcacheEvent } from "../../../src/events/events.js";
import { readPackageImage } from "../../../src/package-image/read-image.js";
import { INDEX_TAG } from "../../../src/package-image/tags.js";
import { writeIndex } from "../../../src/package-index/write-index.js";
import { createScheduler } from "../../../src/schedule/scheduler.js";
import { check } from "../../../src/verbs/check/check.js";
import { copyImages, fixtureConfig, fixtureTag, fixtureTags, pushImage } from "../../support/image.js";

const LIMIT = 2 ** 26;
const scheduler = createScheduler(2);
let target: MemoryTarget;
beforeEach(async () => {
  target = new MemoryTarget("test");
  await copyImages(target, [...(await fixtureTags()), "mochi-roots"], true);
  await index(await fixtureTags());
});

/** Writes an index of the packages under some tags. */
async function index(tags: readonly string[]): Promise<void> {
  const images = await Promise.all(tags.map((tag) => readPackageImage(target, tag)));
  await writeIndex(
    target,
    images.map((image) => image.document),
  );
}

async function found(options: { deep?: boolean; specs?: string[] } = {}) {
  const { findings } = await check(target, { specs: [], ...options }, { run: { scheduler } });
  return findings.map(({ severity, kind, tag, what }) => [severity, kind, tag, what]);
}

async function imageOf(tag: string): Promise<ImageManifest> {
  return (await fetchManifest(target, tag)).manifest as ImageManifest;
}

/** Pushes a package to its tag again, with another config or other layers. */
async function replace(
  tag: string,
  change: { config?: string; layers?: readonly Descriptor[] },
): Promise<void> {
  const manifest = await imageOf(tag);
  const config =
    change.config === undefined
      ? manifest.config
      : (await pushBytes(target, Buffer.from(change.config), { mediaType: MEDIA_TYPES.ociConfig }))
          .descriptor;
  const bytes = Buffer.from(JSON.stringify({ ...manifest, ...change, config }));
  await pushBytes(target, bytes, { mediaType: MEDIA_TYPES.ociManifest, tag });
}

describe("an intact buildcache", () => {
  it("has no findings", async () => {
    const tags = await fixtureTags();
    const result = await check(target, { specs: [], deep: true }, { run: { scheduler } });
    expect(result).toMatchObject({ packages: tags.length, tags: tags.length + 1, findings: [] });
    expect(result.content.bytes).toBeGreaterThan(1_000_000);
  });

  it("is reported tag by tag", async () => {
    const reported: string[] = [];
    const listener = (event: BuildcacheEvent) => {
      if (event.type === "checked") reported.push(event.tag);
      else if (event.type === "planned") reported.push(`${event.todo} to do`);
    };
    await check(target, { specs: [] }, { run: { scheduler, listener } });
    expect(reported[0]).toBe(`${reported.length - 1} to do`);
    expect(reported.slice(1).sort()).toEqual([...(await fixtureTags()), "mochi-roots"].sort());
  });

  it("is checked as far as specs select packages", async () => {
    const { packages } = await check(target, { specs: ["thallium-lite"] }, { run: { scheduler } });
    expect(packages).toBe(7);
    await expect(check(target, { specs: ["absent"] }, { run: { scheduler } })).rejects.toMatchObject({
      code: "ERR_SPEC_NOT_FOUND",
    });
  });
});

describe("content", () => {
  it("that is missing is reported for every image that needs it", async () => {
    const tag = await fixtureTag("libfabric-lite-1.22.0");
    const layer = (await imageOf(tag)).layers.at(-1) as Descriptor;
    await target.delete(layer);
    const tags = [...(await fixtureTags()), "mochi-roots"].sort();
    const images = await Promise.all(tags.map(imageOf));
    const needing = tags.filter((_, at) => images[at]?.layers.some(({ digest }) => digest === layer.digest));
    expect(needing.length).toBeGreaterThan(4);
    const what = `${layer.digest} is missing`;
    expect(await found()).toEqual(needing.map((each) => ["error", "missing-blob", each, what]));
  });

  it("of another size is distinguished from missing content", async () => {
    const tag = await fixtureTag("json-c-lite");
    const { layers } = await imageOf(tag);
    const own = layers.at(-1) as Descriptor;
    await replace(tag, { layers: [...layers.slice(0, -1), { ...own, size: own.size + 1 }] });
    expect(await found({ specs: ["json-c-lite"] })).toEqual([
      ["error", "wrong-size", tag, `${own.digest} has ${own.size} bytes, not ${own.size + 1}`],
    ]);
  });

  it("of a config is missing or corrupt", async () => {
    const [gone, broken] = [await fixtureTag("json-c-lite"), await fixtureTag("tricky-names")];
    await target.delete((await imageOf(gone)).config);
    await replace(broken, { config: "{" });
    expect((await found()).map(([severity, kind, tag]) => [severity, kind, tag])).toEqual([
      ["error", "missing-blob", gone],
      ["error", "corrupt", broken],
    ]);
  });

  it("of any image is checked, also below an image index", async () => {
    const manifest = await fetchManifest(target, "mochi-roots");
    const absent = descriptorOf(MEDIA_TYPES.ociManifest, Buffer.from("absent"));
    const list = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.ociIndex,
      manifests: [manifest.descriptor, absent],
    };
    await pushBytes(target, Buffer.from(JSON.stringify(list)), {
      mediaType: MEDIA_TYPES.ociIndex,
      tag: "multi",
    });
    const { config } = manifest.manifest as ImageManifest;
    await target.delete(config);
    expect(await found()).toEqual([
      ["error", "missing-blob", "mochi-roots", `${config.digest} is missing`],
      ["error", "missing-blob", "multi", expect.stringContaining(absent.digest)],
      ["error", "missing-blob", "multi", `${config.digest} is missing`],
    ]);
  });

  it("that other hosts serve is not requested", async () => {
    const foreign = {
      ...descriptorOf("application/vnd.oci.image.layer.nondistributable.v1.tar", Buffer.from("elsewhere")),
      urls: ["https://example.com/layer"],
    };
    await pushImage(target, "windows", "{}", 0);
    await replace("windows", { layers: [foreign] });
    expect(await found()).toEqual([]);
  });
});

describe("a deep check", () => {
  it("reads what a shallow check trusts", async () => {
    const tag = await fixtureTag("json-c-lite");
    const manifest = await imageOf(tag);
    const own = manifest.layers.at(-1) as Descriptor;
    const plain = gunzipSync(await fetchBytes(target, own, { limit: LIMIT }));
    plain[plain.length - 1] = 1;
    const { descriptor } = await pushBytes(target, plain, { mediaType: own.mediaType });
    await replace(tag, { layers: [...manifest.layers.slice(0, -1), descriptor] });
    const config = JSON.parse(await fixtureConfig(tag)) as object;
    const binary_cache_checksum = { hash_algorithm: "sha256", hash: descriptor.digest.slice(7) };
    await replace(tag, { config: JSON.stringify({ ...config, binary_cache_checksum }) });
    expect(await found({ specs: ["json-c-lite"] })).toEqual([]);
    expect(await found({ specs: ["json-c-lite"], deep: true })).toEqual([
      [
        "error",
        "corrupt",
        tag,
        expect.stringMatching(/^the layer .* decompresses to sha256:.*, not to sha256:/),
      ],
    ]);
  });

  it("reports a layer that cannot be decompressed", async () => {
    const tag = await fixtureTag("json-c-lite");
    const { layers } = await imageOf(tag);
    const cut = Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from("no gzip")]);
    const { descriptor } = await pushBytes(target, cut, { mediaType: MEDIA_TYPES.ociLayerGzip });
    await replace(tag, { layers: [...layers.slice(0, -1), descriptor] });
    expect(await found({ specs: ["json-c-lite"], deep: true })).toEqual([
      ["error", "corrupt", tag, expect.stringContaining("cannot be decompressed")],
      ["error", "corrupt", tag, expect.stringContaining("binary_cache_checksum")],
    ]);
  });

  it("verifies DAG hashes, as any check does", async () => {
    const tag = await fixtureTag("json-c-lite");
    const config = (await fixtureConfig(tag)).replace(
      '"name":"json-c-lite","version":"0.18"',
      '"name":"json-c-lite","version":"0.19"',
    );
    await replace(tag, { config });
    const kinds = (await found({ deep: true })).filter(([, , each]) => each === tag);
    expect(kinds.map(([, kind]) => kind)).toEqual(["wrong-tag", "differs-from-index", "corrupt"]);
    expect(kinds[2]?.[3]).toMatch(/^the DAG hash of json-c-lite@0.19\/exoqmbs does not match its spec/);
    expect((await found()).map(([, kind]) => kind)).toEqual(["wrong-tag", "differs-from-index", "corrupt"]);
  });
});

describe("a spec that does not match its hash", () => {
  /** Makes a package look spliced: its spec is another one's, with the last characters of the original's hash. */
  async function splice(name: string): Promise<string> {
    const tag = await fixtureTag(name);
    const hash = /-([a-z2-7]{32})\.spack$/.exec(tag)?.[1] ?? "";
    const spliced = `${"a".repeat(25)}${hash.slice(-7)}`;
    const text = (await fixtureConfig(tag)).replaceAll(hash, spliced);
    const mediaType = MEDIA_TYPES.ociConfig;
    const { descriptor: config } = await pushBytes(target, Buffer.from(text), { mediaType });
    const manifest = Buffer.from(JSON.stringify({ ...(await imageOf(tag)), config }));
    const made = tag.replace(hash, spliced);
    await pushBytes(target, manifest, { mediaType: MEDIA_TYPES.ociManifest, tag: made });
    return made;
  }

  it("cannot be checked if the spec names a build spec", async () => {
    const tag = await fixtureTag("json-c-lite");
    const hash = /-([a-z2-7]{32})\.spack$/.exec(tag)?.[1] ?? "";
    const built = `${"b".repeat(25)}${hash.slice(-7)}`;
    const document = JSON.parse(await fixtureConfig(tag)) as { spec: { nodes: Record<string, unknown>[] } };
    const [root, ...others] = document.spec.nodes;
    const build_spec = { name: "json-c-lite", hash: built };
    document.spec.nodes = [{ ...root, build_spec }, ...others, { ...root, hash: built }];
    await replace(tag, { config: JSON.stringify(document) });
    const findings = (await found({ deep: true })).filter(([, , each]) => each === tag);
    expect(findings.find(([, kind]) => kind === "unverifiable")?.[3]).toContain(
      "because the package is spliced",
    );
  });

  it("is corrupt, even if another package has a hash with the same end", async () => {
    const tag = await splice("json-c-lite");
    const findings = (await found({ deep: true })).filter(([, , each]) => each === tag);
    expect(findings.map(([, kind]) => kind)).toContain("corrupt");
  });
});

describe("an image", () => {
  it("with fewer diff_ids than layers is corrupt", async () => {
    const tag = await fixtureTag("json-c-lite");
    const config = JSON.parse(await fixtureConfig(tag)) as { rootfs: { diff_ids: string[] } };
    config.rootfs.diff_ids.pop();
    await replace(tag, { config: JSON.stringify(config) });
    expect(await found()).toEqual([["error", "corrupt", tag, "its config has 1 diff_ids for 2 layers"]]);
  });

  it("with a package's tag that is not a package, or has a newer layout, is foreign", async () => {
    const config = JSON.parse(await fixtureConfig(await fixtureTag("json-c-lite"))) as object;
    await pushImage(target, "a-foreign.spack", JSON.stringify({ architecture: "amd64" }), 0);
    await pushImage(
      target,
      "b-foreign.spack",
      JSON.stringify({ architecture: "amd64", rootfs: { diff_ids: [""] } }),
    );
    await pushImage(target, "c-newer.spack", JSON.stringify({ ...config, buildcache_layout_version: 4 }));
    expect((await found()).map(([severity, kind, tag]) => [severity, kind, tag])).toEqual([
      ["warning", "foreign", "a-foreign.spack"],
      ["warning", "foreign", "b-foreign.spack"],
      ["warning", "foreign", "c-newer.spack"],
    ]);
  });
});

describe("dependencies", () => {
  it("that are missing are reported once, with their dependents", async () => {
    const tag = await fixtureTag("libfabric-lite-1.22.0");
    await target.delete({ tag });
    const findings = await found();
    expect(findings.map(([, kind]) => kind).sort()).toEqual(["missing-dependency", "tag-gone"]);
    expect(findings).toContainEqual([
      "error",
      "missing-dependency",
      tag,
      expect.stringMatching(/^is missing, but needed by .*mercury-lite@2.4.0\/yu3jv6s.* and 1 more$/),
    ]);
    expect(await found({ specs: ["json-c-lite"] })).toEqual([]);
  });

  it("that only builds need may be missing", async () => {
    await target.delete({ tag: await fixtureTag("build-tool-lite") });
    await index((await fixtureTags()).filter((tag) => !tag.startsWith("build-tool-lite")));
    expect(await found()).toEqual([]);
  });
});

describe("the index", () => {
  it("that lacks a package, or has one too many", async () => {
    const [unlisted, gone] = [await fixtureTag("tricky-names"), await fixtureTag("build-tool-lite")];
    await index((await fixtureTags()).filter((tag) => tag !== unlisted));
    await target.delete({ tag: gone });
    expect(await found()).toEqual([
      ["error", "tag-gone", gone, "is in the index, but has no tag"],
      ["warning", "not-in-index", unlisted, "is not in the index, where Spack looks for it"],
    ]);
  });

  it("that is missing is one finding", async () => {
    await target.delete({ tag: INDEX_TAG });
    expect(await found()).toEqual([
      ["warning", "not-in-index", INDEX_TAG, "is missing, so no package is listed"],
    ]);
  });

  it("that is broken is one finding, with how to fix it", async () => {
    await pushImage(target, INDEX_TAG, "no index");
    const { findings } = await check(target, { specs: [] }, { run: { scheduler } });
    expect(findings).toMatchObject([
      { kind: "corrupt", severity: "error", tag: INDEX_TAG, hint: expect.stringContaining("update-index") },
    ]);
  });
});
