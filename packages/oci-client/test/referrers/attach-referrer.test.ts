// Artifacts are attached to manifests in every kind of target, also before the manifest exists.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { descriptorOf } from "../../src/content/descriptor.js";
import { isImageIndex } from "../../src/content/manifest.js";
import { MEDIA_TYPES } from "../../src/content/media-types.js";
import { referrersTag } from "../../src/content/referrers.js";
import { ImageLayout } from "../../src/layout/image-layout.js";
import { MemoryTarget } from "../../src/memory/memory-target.js";
import { attachReferrer } from "../../src/referrers/attach-referrer.js";
import { referrersOf } from "../../src/referrers/referrer-lists.js";
import { fetchBytes } from "../../src/storage/bytes.js";
import { fetchManifest } from "../../src/storage/fetch-manifest.js";
import type { Target } from "../../src/storage/target.js";
import { freshRepository, useRegistry } from "../support/registry.js";

const plain = useRegistry();
const listing = useRegistry({ referrers: true });
const scratch = await mkdtemp(join(tmpdir(), "referrers-"));
afterAll(() => rm(scratch, { recursive: true }));

const SUBJECT = descriptorOf(MEDIA_TYPES.ociManifest, Buffer.from("not pushed yet"));
const artifact = (text: string) => ({
  artifactType: "application/x.note",
  mediaType: "text/plain",
  bytes: Buffer.from(text),
  title: "note.txt",
  annotations: { by: "me" },
});

describe.each<[string, () => Target]>([
  ["a registry with the referrers API", () => freshRepository(listing.registry)],
  ["a registry without it", () => freshRepository(plain.registry)],
  ["an image layout", () => new ImageLayout(join(scratch, "layout"))],
  ["memory", () => new MemoryTarget("memory")],
])("in %s", (_, create) => {
  it("lists what was attached, each once, with its type and annotations", async () => {
    const target = create();
    const one = await attachReferrer(target, SUBJECT, artifact("one"));
    const two = await attachReferrer(target, SUBJECT, artifact("two"));
    expect(await attachReferrer(target, SUBJECT, artifact("one"))).toEqual(one);
    const listed = await referrersOf(target, SUBJECT.digest);
    expect(listed.map(({ digest }) => digest).sort()).toEqual([one.digest, two.digest].sort());
    expect(listed[0]).toMatchObject({ artifactType: "application/x.note", annotations: { by: "me" } });
  });

  it("can be read back, under its file name", async () => {
    const target = create();
    const { digest } = await attachReferrer(target, SUBJECT, artifact("three"));
    const { manifest } = await fetchManifest(target, digest);
    if (isImageIndex(manifest)) throw new TypeError("an artifact is not an index");
    const [layer] = manifest.layers;
    expect(manifest.subject).toEqual(SUBJECT);
    expect(layer?.annotations).toEqual({ "org.opencontainers.image.title": "note.txt" });
    expect(layer && (await fetchBytes(target, layer, { limit: 99 })).toString()).toBe("three");
  });
});

it("writes a tag only if the registry has no referrers API", async () => {
  const [withApi, without] = [freshRepository(listing.registry), freshRepository(plain.registry)];
  for (const target of [withApi, without]) await attachReferrer(target, SUBJECT, artifact("four"));
  await expect(withApi.resolve(referrersTag(SUBJECT.digest))).rejects.toMatchObject({ kind: "not-found" });
  await expect(without.resolve(referrersTag(SUBJECT.digest))).resolves.toMatchObject({
    mediaType: MEDIA_TYPES.ociIndex,
  });
});
