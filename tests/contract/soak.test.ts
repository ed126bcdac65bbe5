// Pushes and pulls many images through a registry that fails one request in five, and loses nothing.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  bodyOf,
  childrenOf,
  copyImage,
  createRegistryClient,
  type Descriptor,
  descriptorOf,
  fetchBytes,
  fetchManifest,
  ImageLayout,
  mediaTypes,
  openTarget,
  pushBytes,
  type Target,
} from "@spack-oci/oci-client";
import { expect, test } from "vitest";
import { collectAll } from "../support/collect.js";
import { makeFlaky } from "../support/flaky-registry.js";
import { seededBytes, seededRandom } from "../support/seeded-random.js";
import { startTestRegistry, type TestRegistry } from "../support/test-registry/test-registry.js";

const seeds = Array.from({ length: Number(process.env["SOAK_SEEDS"] ?? 8) }, (_, i) => i + 1);
const images = 12;
const auth = { kind: "bearer", users: { me: "secret" }, expiresIn: 300 } as const;

function makeImages(random: () => number) {
  return Array.from({ length: images }, (_, i) => {
    const config = Buffer.from(JSON.stringify({ image: i }));
    // Every third layer is shared with other images.
    const layer = seededBytes(
      i % 3 === 0 ? seededRandom(7) : random,
      1000 + Math.floor(random() * 200_000 * (i % 3)),
    );
    return { tag: `image-${i}.spack`, config, layer };
  });
}

async function pushImage(target: Target, image: ReturnType<typeof makeImages>[number]): Promise<void> {
  const bodies = new Map<string, Buffer>();
  const push = async (mediaType: string, bytes: Buffer) => {
    const { descriptor } = await pushBytes(target, mediaType, bytes);
    bodies.set(descriptor.digest, bytes);
    return descriptor;
  };
  const layers = [await push(mediaTypes.ociLayerGzip, image.layer)];
  const config = await push(mediaTypes.ociConfig, image.config);
  const bytes = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers }),
  );
  const sources = ({ digest }: Descriptor) => bodies.get(digest) && bodyOf(bodies.get(digest) as Buffer);
  await target.push(descriptorOf(mediaTypes.ociManifest, bytes), bodyOf(bytes), { tag: image.tag, sources });
}

function openThrough(registry: TestRegistry, random: () => number) {
  const client = createRegistryClient({
    hosts: () => ({ connections: 4 }),
    credentials: () => ({ kind: "basic", username: "me", password: "secret", source: "the test" }),
    retry: { attempts: 15, firstWait: 2, longestWait: 20 },
    clock: {
      now: Date.now,
      random,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 20))),
    },
  });
  return openTarget(registry.location("soak/cache"), { client });
}

test.each(seeds)("seed %i", { timeout: 120_000 }, async (seed) => {
  const random = seededRandom(seed);
  const registry = await startTestRegistry({ auth, pageSize: 5 });
  const made = makeImages(random);
  const forced = makeFlaky(registry, random);

  const target = openThrough(registry, random);
  await Promise.all(made.map((image) => pushImage(target, image)));
  const uploads = registry.count("PUT", /uploads/);
  const distinct = new Set(
    made.flatMap(({ layer, config }) => [String(layer.length) + layer.toString("hex"), String(config)]),
  );
  expect(uploads).toBeLessThanOrEqual(distinct.size + forced.uploads);

  const fresh = openThrough(registry, random);
  expect((await collectAll(fresh.tags())).sort()).toEqual(made.map(({ tag }) => tag).sort());
  await Promise.all(
    made.map(async ({ tag, layer, config }) => {
      const { manifest } = await fetchManifest(fresh, tag);
      const contents = await Promise.all(
        childrenOf(manifest).map((child) => fetchBytes(fresh, child, { limit: 1e7 })),
      );
      expect(contents.map((bytes, i) => bytes.equals(i === 0 ? config : layer))).toEqual([true, true]);
    }),
  );
  expect(forced.faults).toBeGreaterThan(5);
  console.info(
    `soak: seed ${seed}: ${forced.faults} faults in ${registry.requests.length} requests, ${uploads} uploads, nothing lost`,
  );
  await registry.close();
});

test("a buildcache that a real Spack wrote goes there and back, and stays the same", {
  timeout: 120_000,
}, async () => {
  const random = seededRandom(2026);
  const registry = await startTestRegistry({ auth, pageSize: 5 });
  const forced = makeFlaky(registry, random);
  const directory = await mkdtemp(join(tmpdir(), "soak-"));
  const written = new ImageLayout(
    fileURLToPath(new URL("../fixtures/spack-1.2/oci-layout-main", import.meta.url)),
  );
  const back = new ImageLayout(join(directory, "back"));
  const tags = await collectAll(written.tags());
  const there = openThrough(registry, random);
  await Promise.all(tags.map((tag) => copyImage(written, there, tag, { tag })));
  const fresh = openThrough(registry, random);
  expect((await collectAll(fresh.tags())).sort()).toEqual([...tags].sort());
  await Promise.all(tags.map((tag) => copyImage(fresh, back, tag, { tag })));
  const blobs = new Set<string>();
  for (const tag of tags) {
    const [before, after] = [await fetchManifest(written, tag), await fetchManifest(back, tag)];
    expect(after).toEqual(before);
    for (const child of childrenOf(after.manifest)) {
      expect(await back.exists(child)).toBe(true);
      blobs.add(child.digest);
    }
  }
  const uploads = registry.count("PUT", /uploads/);
  expect(uploads).toBeLessThanOrEqual(blobs.size + forced.uploads);
  const counts = `${tags.length} tags, ${forced.faults} faults in ${registry.requests.length} requests, ${uploads} uploads`;
  console.info(`soak: a real buildcache: ${counts}, nothing lost`);
  await registry.close();
  await rm(directory, { recursive: true });
});
