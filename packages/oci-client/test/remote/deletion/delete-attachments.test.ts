// What is attached to a manifest is deleted with it, however the target keeps track of it.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Descriptor } from "../../../src/content/descriptor.js";
import { referrersTag } from "../../../src/content/referrers.js";
import { ImageLayout } from "../../../src/layout/image-layout.js";
import { attachReferrer } from "../../../src/referrers/attach-referrer.js";
import type { Deleter, TagLister, Target } from "../../../src/storage/target.js";
import { freshRepository, pushImage, useRegistry } from "../../support/registry.js";

const plain = useRegistry();
const listing = useRegistry({ referrers: true });
const scratch = await mkdtemp(join(tmpdir(), "attachments-"));
afterAll(() => rm(scratch, { recursive: true }));

const note = (text: string) => ({
  artifactType: "application/x.note",
  mediaType: "text/plain",
  bytes: Buffer.from(text),
});

/** An image with a note, a note on that note, and a tag as cosign makes it. */
async function pushAttached(target: Target, tag: string): Promise<readonly [Descriptor, ...Descriptor[]]> {
  const { descriptor } = await pushImage(target, tag);
  const first = await attachReferrer(target, descriptor, note(`about ${tag}`));
  const second = await attachReferrer(target, first, note(`about the note on ${tag}`));
  const signature = await pushImage(target, `${referrersTag(descriptor.digest)}.sig`);
  return [descriptor, first, second, signature.descriptor];
}

async function tagsOf(target: TagLister): Promise<readonly string[]> {
  const tags: string[] = [];
  for await (const tag of target.tags()) tags.push(tag);
  return tags;
}

describe.each<[string, () => Target & Deleter & TagLister]>([
  ["a registry with the referrers API", () => freshRepository(listing.registry)],
  ["a registry without it", () => freshRepository(plain.registry)],
  ["an image layout", () => new ImageLayout(join(scratch, crypto.randomUUID()))],
])("in %s", (_, create) => {
  it("is deleted with its manifest, and nothing else is", async () => {
    const target = create();
    const gone = await pushAttached(target, "gone");
    const kept = await pushAttached(target, "kept");
    expect(await target.deleteTags(["gone"])).toEqual([{ tag: "gone" }]);
    for (const each of gone) expect(await target.exists(each)).toBe(false);
    for (const each of kept) expect(await target.exists(each)).toBe(true);
    expect((await tagsOf(target)).filter((tag) => tag.includes(gone[0].digest.slice(7, 71)))).toEqual([]);
  });

  it("stays while another tag needs the manifest", async () => {
    const target = create();
    const all = await pushAttached(target, "one");
    await target.tag(all[0], "another");
    await target.deleteTags(["one"]);
    for (const each of all) expect(await target.exists(each)).toBe(true);
  });
});

it("leaves no blob of an attachment in a layout", async () => {
  const directory = join(scratch, "blobs");
  const layout = new ImageLayout(directory);
  await pushAttached(layout, "only");
  await layout.deleteTags(["only"]);
  expect(await readdir(join(directory, "blobs", "sha256"))).toEqual([]);
});
