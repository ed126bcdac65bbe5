// The number of requests of a copy: with nothing new, one new package, and everything new.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import {
  manifestIn,
  packageTagsIn,
  startEmptyMirror,
  startMirror,
  type TestMirror,
  tagIn,
} from "../support/mirror.js";

/** Requests to both sides, by method. */
type Counts = Record<string, number>;

const table: string[] = [];
let from: TestMirror;
let to: TestMirror;

beforeEach(async () => {
  from = await startMirror();
});

afterEach(async () => {
  await from.registry.close();
  await to.registry.close();
});

function countsOf({ registry }: TestMirror): Counts {
  const counts: Counts = {};
  for (const { method } of registry.requests) counts[method] = (counts[method] ?? 0) + 1;
  registry.reset();
  return counts;
}

async function count(what: string, ...args: string[]): Promise<{ source: Counts; destination: Counts }> {
  from.registry.reset();
  to.registry.reset();
  expect(await spackOci(["copy", from.mirror, to.mirror, "-j", "4", ...args])).toMatchObject({ status: 0 });
  const counts = { source: countsOf(from), destination: countsOf(to) };
  const show = (each: Counts) =>
    Object.entries(each)
      .map(([method, times]) => `${times} ${method}`)
      .sort()
      .join(", ");
  table.push(`${what}: source ${show(counts.source)}; destination ${show(counts.destination)}`);
  console.info(`requests: ${table.at(-1)}`);
  return counts;
}

describe("a copy of a whole buildcache with 20 packages, its index, and one other tag", () => {
  it("lists tags, and compares indexes and other tags, if nothing is new", async () => {
    to = await startMirror();
    expect(await count("nothing new")).toEqual({
      source: { GET: 1, HEAD: 2 },
      destination: { GET: 1, HEAD: 2 },
    });
  });

  it("compares each tag with --verify", async () => {
    to = await startMirror();
    const { source, destination } = await count("nothing new, --verify", "--verify");
    expect(source["HEAD"]).toBe(22);
    // The tags, and a request for the referrers API from each task that starts at the same time; without it, tags are
    // used.
    expect(source["GET"]).toBeLessThanOrEqual(1 + 4);
    expect(destination).toEqual({ GET: 1, HEAD: 22 });
  });

  it("copies only what is new", async () => {
    to = await startMirror();
    const tag = tagIn(to.repository, "thallium-lite");
    const { config, layers } = manifestIn(to.repository, tag);
    to.repository.manifests.delete(to.repository.tags.get(tag) ?? "");
    to.repository.tags.delete(tag);
    for (const { digest } of [config, ...layers.slice(-1)]) to.repository.blobs.delete(digest);
    await spackOci(["update-index", to.mirror]);
    const { source, destination } = await count("one new package");
    // Tags, manifest, referrers, config, layer, and the index.
    expect(source).toEqual({ GET: 7, HEAD: 2 });
    // Each of its 7 layers and its config is looked up; two are sent, then the tag, and the index.
    expect(destination).toEqual({ GET: 6, HEAD: 12, POST: 2, PUT: 4 });
    expect(to.repository.tags.get(tag)).toBe(from.repository.tags.get(tag));
  });

  it("reads every manifest and blob once, and looks up every blob once, if everything is new", async () => {
    to = await startEmptyMirror();
    const tags = [...packageTagsIn(from.repository), "mochi-roots"];
    const blobs = new Set(
      tags.flatMap((tag) => {
        const { config, layers } = manifestIn(from.repository, tag);
        return [config.digest, ...layers.map(({ digest }) => digest)];
      }),
    );
    const { source, destination } = await count("everything new");
    const probes = source["GET"] ?? 0;
    const wanted = 1 + tags.length + blobs.size + 2;
    // Each task that starts at the same time asks for the referrers API.
    expect(probes - wanted).toBeGreaterThan(0);
    expect(probes - wanted).toBeLessThanOrEqual(4);
    expect(source["HEAD"]).toBe(1);
    const indexBlobs = 2;
    expect(destination["POST"]).toBe(blobs.size + indexBlobs);
    expect(destination["PUT"]).toBe(blobs.size + indexBlobs + tags.length + 1);
    expect(destination["HEAD"]).toBeLessThanOrEqual(blobs.size + indexBlobs + 1);
  });
});

it("fetches nothing if the host can mount", async () => {
  to = {
    ...from,
    repository: from.registry.storage.repository("other"),
    mirror: from.registry.location("other"),
  };
  const { source } = await count("everything new, same host");
  expect(from.registry.requests).toEqual([]);
  expect(source["POST"]).toBeGreaterThan(40);
  const sent = await spackOci(["copy", from.mirror, to.mirror, "--verify", "--json"]);
  expect(sent.json()).toMatchObject({ destinations: [{ copied: [], present: { length: 21 } }] });
});
