// Buildcaches that are equal, and ones that differ in one respect each.

import {
  type Descriptor,
  fetchBytes,
  fetchManifest,
  type ImageManifest,
  MEDIA_TYPES,
  MemoryTarget,
  pushBytes,
} from "@spack-oci/oci-client";
import { beforeEach, describe, expect, it } from "vitest";
import { createScheduler } from "../../../src/schedule/scheduler.js";
import { type DiffResult, diff, isSame } from "../../../src/verbs/diff/diff.js";
import { updateIndex } from "../../../src/verbs/update-index/update-index.js";
import { copyImages, fixtureConfig, fixtureTag, fixtureTags, pushImage } from "../../support/image.js";

const run = { scheduler: createScheduler(2) };
let a: MemoryTarget;
let b: MemoryTarget;
let tag: string;
beforeEach(async () => {
  [a, b] = [new MemoryTarget("a"), new MemoryTarget("b")];
  tag = await fixtureTag("json-c-lite");
  for (const target of [a, b]) {
    await copyImages(target, [...(await fixtureTags()), "mochi-roots"]);
    await updateIndex(target, {}, { run });
  }
});

function compare(): Promise<DiffResult> {
  return diff(a, { other: b }, { run });
}

/** Gives the package another config and other layers in `b`, and returns the parts that differ. */
async function partsAfter(change: {
  config?: (config: Record<string, unknown>) => object;
  layers?: (layers: readonly Descriptor[]) => readonly Descriptor[];
  annotations?: object;
}): Promise<readonly string[] | undefined> {
  const manifest = (await fetchManifest(b, tag)).manifest as ImageManifest;
  const known = JSON.parse(await fixtureConfig(tag)) as Record<string, unknown>;
  const text = JSON.stringify((change.config ?? ((each) => each))(known));
  const { descriptor: config } = await pushBytes(b, Buffer.from(text), { mediaType: MEDIA_TYPES.ociConfig });
  const layers = change.layers?.(manifest.layers) ?? manifest.layers;
  const changed = {
    ...manifest,
    config,
    layers,
    ...(change.annotations && { annotations: change.annotations }),
  };
  await pushBytes(b, Buffer.from(JSON.stringify(changed)), { mediaType: MEDIA_TYPES.ociManifest, tag });
  const { different } = await compare();
  expect(different.map((each) => each.tag)).toEqual([tag]);
  return different[0]?.parts;
}

const other = (layer: Descriptor | undefined) =>
  ({ ...layer, digest: `sha256:${"0".repeat(64)}` }) as unknown as Descriptor;

it("finds no difference between equal buildcaches", async () => {
  const result = await compare();
  expect(isSame(result)).toBe(true);
  expect(result.same).toEqual([...(await fixtureTags()), "mochi-roots"].sort());
});

describe("an image differs in", () => {
  it("its own layer", async () => {
    const config = ({ rootfs: _rootfs, ...rest }: Record<string, unknown>) => ({
      ...rest,
      rootfs: { type: "layers", diff_ids: ["sha256:a", "sha256:b"] },
    });
    const layers = (known: readonly Descriptor[]) => [...known.slice(0, -1), other(known.at(-1))];
    expect(await partsAfter({ config, layers })).toEqual(["layer"]);
  });

  it("only the compression of its layer", async () => {
    const layers = (known: readonly Descriptor[]) => [...known.slice(0, -1), other(known.at(-1))];
    expect(await partsAfter({ layers })).toEqual(["compression"]);
  });

  it("the layers below", async () => {
    expect(await partsAfter({ layers: ([first, ...rest]) => [other(first), ...rest] })).toEqual(["base"]);
  });

  it("its spec", async () => {
    const config = (known: Record<string, unknown>) => ({ ...known, spec: { nodes: [] } });
    expect(await partsAfter({ config })).toEqual(["spec"]);
  });

  it("other parts of its config", async () => {
    const config = (known: Record<string, unknown>) => ({ ...known, config: { Env: ["A=1"] } });
    expect(await partsAfter({ config })).toEqual(["config"]);
  });

  it("only its manifest", async () => {
    expect(await partsAfter({ config: (known) => known, annotations: { a: "b" } })).toEqual(["manifest"]);
  });

  it("several of these", async () => {
    const config = (known: Record<string, unknown>) => ({ ...known, spec: {}, config: {} });
    const layers = (known: readonly Descriptor[]) => known.map(other);
    expect(await partsAfter({ config, layers })).toEqual(["spec", "compression", "base", "config"]);
  });

  it("being an image index", async () => {
    const index = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests: [] };
    await pushBytes(b, Buffer.from(JSON.stringify(index)), { mediaType: MEDIA_TYPES.ociIndex, tag });
    expect((await compare()).different).toEqual([{ tag, parts: ["manifest"] }]);
  });
});

it("lists tags and index entries on one side only", async () => {
  const gone = await fixtureTag("tricky-names");
  await b.delete({ tag: gone });
  await pushImage(b, "latest", "{}");
  await updateIndex(b, {}, { run });
  const result = await compare();
  expect(result).toMatchObject({ onlyInA: [gone], onlyInB: ["latest"], different: [] });
  expect(result.index).toMatchObject({ onlyInA: [{ name: "tricky-names" }], onlyInB: [], different: [] });
  expect(isSame(result)).toBe(false);
});

it("compares the specs in the indexes", async () => {
  const image = (await fetchManifest(b, "index.spack")).manifest as ImageManifest;
  const text = (await fetchBytes(b, image.layers[0] as Descriptor, { limit: 2 ** 26 })).toString();
  const changed = Buffer.from(
    text.replace('"name":"json-c-lite","version":"0.18"', '"name":"json-c-lite","version":"0.19"'),
  );
  const { descriptor } = await pushBytes(b, changed, { mediaType: MEDIA_TYPES.ociLayerGzip });
  await pushBytes(b, Buffer.from(JSON.stringify({ ...image, layers: [descriptor] })), {
    mediaType: MEDIA_TYPES.ociManifest,
    tag: "index.spack",
  });
  expect((await compare()).index).toMatchObject({
    onlyInA: [],
    onlyInB: [],
    different: [{ name: "json-c-lite" }],
  });
});

it("treats a missing index as empty", async () => {
  await a.delete({ tag: "index.spack" });
  const { index, same } = await compare();
  expect(index.onlyInB).toHaveLength((await fixtureTags()).length);
  expect(same).toHaveLength((await fixtureTags()).length + 1);
});
