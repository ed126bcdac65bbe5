// Signatures and the like follow their subject, between registries with the referrers API and targets without it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Descriptor } from "../../src/content/descriptor.js";
import { isImageIndex } from "../../src/content/manifest.js";
import { MEDIA_TYPES } from "../../src/content/media-types.js";
import { referrersTag, subjectOfTag } from "../../src/content/referrers.js";
import { copyImage, copyReferrers } from "../../src/copy/copy-image.js";
import { ImageLayout } from "../../src/layout/image-layout.js";
import { MemoryTarget } from "../../src/memory/memory-target.js";
import { pushBytes } from "../../src/storage/bytes.js";
import { fetchManifest } from "../../src/storage/fetch-manifest.js";
import { isReferrerLister, type Target } from "../../src/storage/target.js";
import { freshRepository, useRegistry } from "../support/registry.js";

const plain = useRegistry();
const listing = useRegistry({ referrers: true });

async function put(target: Target, note: string, subject?: Descriptor, tag?: string): Promise<Descriptor> {
  const { descriptor: config } = await pushBytes(target, Buffer.from(note), {
    mediaType: "application/x.unknown",
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociManifest,
    config,
    layers: [config],
    subject,
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return (await pushBytes(target, bytes, { mediaType: MEDIA_TYPES.ociManifest, tag })).descriptor;
}

/** An image, its signature, and a signature of that. */
async function pushSigned(target: Target): Promise<{ image: Descriptor; signatures: Descriptor[] }> {
  const image = await put(target, "image", undefined, "signed");
  const signature = await put(target, "signature", image);
  const countersignature = await put(target, "countersignature", signature);
  return { image, signatures: [signature, countersignature] };
}

/** The digests of a manifest's referrers, however the target stores them. */
async function referrersAt(target: Target, subject: Descriptor): Promise<string[]> {
  if (isReferrerLister(target)) {
    const listed = await target.referrers(subject.digest);
    if (listed !== undefined) return listed.map(({ digest }) => digest);
  }
  const { manifest } = await fetchManifest(target, referrersTag(subject.digest));
  return isImageIndex(manifest) ? manifest.manifests.map(({ digest }) => digest) : [];
}

test("copies referrers from a registry with the API through all other kinds of targets and back", async () => {
  const directory = await mkdtemp(join(tmpdir(), "referrers-"));
  const places: Target[] = [
    freshRepository(listing.registry),
    freshRepository(plain.registry),
    new ImageLayout(join(directory, "layout")),
    new MemoryTarget(),
    freshRepository(listing.registry),
    freshRepository(listing.registry),
  ];
  const { image, signatures } = await pushSigned(places[0] as Target);
  for (let i = 1; i < places.length; i += 1) {
    const to = places[i] as Target;
    await copyImage({ from: places[i - 1] as Target, to }, "signed", { tag: "signed" });
    expect(await referrersAt(to, image)).toEqual([signatures[0]?.digest]);
    expect(await referrersAt(to, signatures[0] as Descriptor)).toEqual([signatures[1]?.digest]);
  }
  await rm(directory, { recursive: true });
});

test("adds to an existing list", async () => {
  const [from, to] = [freshRepository(listing.registry), new MemoryTarget()];
  const { image, signatures } = await pushSigned(from);
  await copyImage({ from, to }, "signed", { tag: "signed" });
  const other = await put(from, "another signature", image);
  const elsewhere = new MemoryTarget("elsewhere");
  const third = await put(elsewhere, "a third signature", image);
  await pushBytes(elsewhere, Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [third] })), {
    mediaType: MEDIA_TYPES.ociIndex,
    tag: referrersTag(image.digest),
  });
  await copyReferrers({ from: elsewhere, to }, image.digest);
  await copyReferrers({ from, to }, image.digest);
  const expected = [signatures[0]?.digest, third.digest, other.digest].sort();
  expect((await referrersAt(to, image)).sort()).toEqual(expected);
});

test("creates a tag only after the referrers of its manifest", async () => {
  const [from, to] = [freshRepository(listing.registry), freshRepository(listing.registry)];
  const { image, signatures } = await pushSigned(from);
  listing.registry.fault({ method: "PUT", path: new RegExp(`${signatures[0]?.digest}$`), status: 403 });
  await expect(copyImage({ from, to }, "signed", { tag: "signed" })).rejects.toMatchObject({
    kind: "denied",
  });
  await expect(to.resolve("signed")).rejects.toMatchObject({ kind: "not-found" });
  await copyImage({ from, to }, "signed", { tag: "signed" });
  expect(await referrersAt(to, image)).toEqual([signatures[0]?.digest]);
});

test("asks a registry without the API only once; after that, known tags are enough", async () => {
  const { registry } = plain;
  const [from, to] = [freshRepository(registry), new MemoryTarget()];
  for (const note of ["a", "b", "c"]) await put(from, note, undefined, note);
  registry.reset();
  const sourceTags = new Set(["a", "b", "c"]);
  for (const tag of sourceTags) await copyImage({ from, to }, tag, { tag, sourceTags });
  expect(registry.count("GET", /referrers/)).toBe(1);
  expect(registry.count("GET", /manifests\/sha256-/)).toBe(0);
});

test("a refusal to list referrers does not mean that there are none", async () => {
  const { registry } = listing;
  const from = freshRepository(registry);
  await pushSigned(from);
  registry.fault({ method: "GET", path: /referrers/, status: 403, times: 99 });
  const copy = copyImage({ from, to: new MemoryTarget() }, "signed", { tag: "signed" });
  await expect(copy).rejects.toMatchObject({ kind: "denied" });
});

test("the tag of a list, and its subject", () => {
  const digest = `sha256:${"ab".repeat(32)}` as const;
  expect(referrersTag(digest)).toBe(`sha256-${"ab".repeat(32)}`);
  expect(subjectOfTag(referrersTag(digest))).toBe(digest);
  expect(subjectOfTag(`${referrersTag(digest)}.sig`)).toBeUndefined();
});
