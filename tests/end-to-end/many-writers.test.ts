// Twenty processes push one package each to a buildcache at the same time, and the index lists all of them.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createRegistryClient, fetchBytes, fetchManifest, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { buildCommand } from "../support/command-process.js";
import { fixture } from "../support/fixtures.js";
import { registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { seededRandom } from "../support/seeded-random.js";
import { startTestRegistry } from "../support/test-registry/test-registry.js";

const seeds = Array.from({ length: Number(process.env["SOAK_SEEDS"] ?? 3) }, (_, at) => at + 1);

/** The longest head start of other pushers, in milliseconds. */
const LONGEST_DELAY = 300;

const client = createRegistryClient();
const layouts = scratchDirectory("many-writers");
const mirrors: [string, () => Promise<{ location(name: string): string; stop(): Promise<void> }>][] = [
  ...registries,
  [
    "a registry that honors If-Match",
    async () => {
      const registry = await startTestRegistry({ conditional: true });
      return { location: (name) => registry.location(name), stop: () => registry.close() };
    },
  ],
  [
    "an image layout",
    async () => ({ location: (name) => `oci-layout:${layouts}/${name}`, stop: async () => {} }),
  ],
];

interface Index {
  readonly database: { readonly installs: Readonly<Record<string, { readonly in_buildcache: boolean }>> };
}

async function indexOf(mirror: string, annotations: object = {}): Promise<Index> {
  const target = openTarget(mirror, { client });
  const { manifest } = await fetchManifest(target, "index.spack");
  expect(manifest.annotations ?? {}).toMatchObject(annotations);
  const [layer] = "layers" in manifest ? manifest.layers : [];
  if (layer === undefined) throw new Error("the index has no layer");
  return JSON.parse((await fetchBytes(target, layer, { limit: 2 ** 26 })).toString()) as Index;
}

const spacks = await indexOf(`oci-layout:${fixture("oci-layout-main")}`);
const packages = Object.entries(spacks.database.installs).flatMap(([hash, record]) =>
  record.in_buildcache ? [hash] : [],
);

/** All pushers ask for this tree, and none may remove it. */
const relocateTo = { root: "/opt/spack", paddedLength: 100 };
const tree = {
  "dev.spack-oci.install-tree.root": "/opt/spack",
  "dev.spack-oci.install-tree.padded-length": "100",
};

const pushers: ChildProcess[] = [];

beforeAll(async () => {
  buildCommand();
  const worker = fileURLToPath(new URL("../support/push-worker.mjs", import.meta.url));
  for (const _ of packages) pushers.push(fork(worker, { stdio: ["ignore", "ignore", "inherit", "ipc"] }));
  await Promise.all(pushers.map((pusher) => once(pusher, "message")));
}, 120_000);

afterAll(() => {
  for (const pusher of pushers) pusher.kill();
});

describe.each(mirrors)("%s", (_name, start) => {
  it.each(seeds)("has all packages in its index: seed %i", { timeout: 120_000 }, async (seed) => {
    expect(packages).toHaveLength(20);
    const random = seededRandom(seed);
    const registry = await start();
    try {
      const mirror = registry.location(`writers/seed-${seed}`);
      const store = extractSampleStore();
      const pushed = pushers.map(async (pusher, at) => {
        pusher.send({ mirror, store, hash: packages[at], delay: random() * LONGEST_DELAY, relocateTo });
        return (await once(pusher, "message"))[0] as { outcome: string };
      });
      expect((await Promise.all(pushed)).filter(({ outcome }) => outcome === "failed")).toEqual([]);
      expect(await indexOf(mirror, tree)).toEqual(spacks);
    } finally {
      await registry.stop();
    }
  });
});
