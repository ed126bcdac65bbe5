// Artifacts are attached to images in registries with and without the referrers API, and to images that follow later.

import { expect, test } from "vitest";
import { descriptorOf } from "../../src/content/descriptor.js";
import { MEDIA_TYPES } from "../../src/content/media-types.js";
import { MemoryTarget } from "../../src/memory/memory-target.js";
import { attachReferrer } from "../../src/referrers/attach-referrer.js";
import { referrersOf } from "../../src/referrers/referrer-lists.js";
import { fetchBytes, pushBytes } from "../../src/storage/bytes.js";
import { fetchManifest } from "../../src/storage/fetch-manifest.js";
import type { Target } from "../../src/storage/target.js";
import { freshRepository, useRegistry } from "../support/registry.js";

const plain = useRegistry();
const listing = useRegistry({ referrers: true });

const targets: [string, () => Target][] = [
  ["a registry with the API", () => freshRepository(listing.registry)],
  ["a registry without it", () => freshRepository(plain.registry)],
  ["memory", () => new MemoryTarget()],
];

const config = Buffer.from(`{"note":"image"}`);
const image = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociManifest,
    config: descriptorOf(MEDIA_TYPES.ociConfig, config),
    layers: [],
  }),
);
const subject = descriptorOf(MEDIA_TYPES.ociManifest, image);

test.each(targets)("attaches artifacts before and after the image, in %s", async (_where, open) => {
  const target = open();
  const attach = (text: string) =>
    attachReferrer(target, subject, {
      artifactType: "application/x.note",
      mediaType: "text/plain",
      bytes: Buffer.from(text),
      annotations: { note: text },
    });
  const before = await attach("before");
  await pushBytes(target, config, { mediaType: MEDIA_TYPES.ociConfig });
  await pushBytes(target, image, { mediaType: MEDIA_TYPES.ociManifest, tag: "image" });
  const after = await attach("after");
  expect(await attach("after")).toEqual(after);
  const listed = await referrersOf(target, subject.digest);
  expect(listed.map(({ digest }) => digest).sort()).toEqual([before.digest, after.digest].sort());
  const found = listed.find(({ digest }) => digest === after.digest);
  expect(found).toMatchObject({ artifactType: "application/x.note", annotations: { note: "after" } });
  const { manifest } = await fetchManifest(target, after.digest);
  expect(manifest).toMatchObject({ artifactType: "application/x.note", subject });
  const [content] = "layers" in manifest ? manifest.layers : [];
  expect((await fetchBytes(target, content ?? subject, { limit: 100 })).toString()).toBe("after");
});

test("lists nothing for an image without referrers", async () => {
  expect(await referrersOf(new MemoryTarget(), subject.digest)).toEqual([]);
});
