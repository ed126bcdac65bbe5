// The number of requests to update the index, which depends on what changed and not on the number of packages.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { manifestIn, startMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";

const PACKAGES = 20;
const cache = join(scratchDirectory("index-requests"), "cache");

let mirror: TestMirror;
beforeEach(async () => {
  mirror = await startMirror();
  rmSync(cache, { recursive: true, force: true });
});
afterEach(() => mirror.registry.close());

/** Runs a command, and counts its requests by method. */
async function run(...args: string[]): Promise<Record<string, number>> {
  mirror.registry.requests.length = 0;
  const environment = { HOME: "/nonexistent", SPACK_OCI_CACHE: cache };
  expect(await spackOci(args, { environment })).toMatchObject({ status: 0 });
  const counts: Record<string, number> = {};
  for (const { method } of mirror.registry.requests) counts[method] = (counts[method] ?? 0) + 1;
  return counts;
}

const updateIndex = (...options: string[]) => run("update-index", mirror.mirror, ...options);

/** Removes a package's tag, and the index, from the registry. */
function remove(tag: string): string {
  const { repository } = mirror;
  const digest = repository.tags.get(tag) ?? "";
  repository.blobs.delete(manifestIn(repository, "index.spack").layers[0]?.digest ?? "");
  repository.tags.delete(tag);
  return digest;
}

/** Index and tags: once before writing, and once afterwards to check the result. */
const LOOKING = 2;

/** Lookups of the index and its config, the index, and its manifest. Every index has the same config. */
const WRITING = { HEAD: 2, POST: 1, PUT: 2 };

describe("update-index", () => {
  it("requests only index and tags if nothing changed; the index is cached", async () => {
    expect(await updateIndex()).toEqual({ GET: LOOKING + 1 });
    expect(await updateIndex()).toEqual({ GET: LOOKING });
  });

  it("reads the one new package of twenty", async () => {
    const tag = tagIn(mirror.repository, "margo-lite");
    await updateIndex();
    const digest = remove(tag);
    await updateIndex();
    mirror.repository.tags.set(tag, digest);
    expect(await updateIndex()).toEqual({ ...WRITING, GET: 2 * LOOKING + 2 });
    expect(await updateIndex()).toEqual({ GET: LOOKING });
  });

  it("requests the one tag of twenty that is not listed", async () => {
    await updateIndex();
    remove(tagIn(mirror.repository, "margo-lite"));
    expect(await updateIndex()).toEqual({ ...WRITING, HEAD: WRITING.HEAD + 1, GET: 2 * LOOKING });
  });

  it("reads everything without an index", async () => {
    remove("index.spack");
    expect(await updateIndex()).toEqual({ ...WRITING, GET: 2 * LOOKING + 2 * PACKAGES });
  });

  it("--rebuild reads everything except cached configs", async () => {
    expect(await updateIndex("--rebuild")).toEqual({ GET: LOOKING + 1 + 2 * PACKAGES });
    expect(await updateIndex("--rebuild")).toEqual({ GET: LOOKING + PACKAGES });
  });
});

it("push --update-index requests nothing about packages for the index", async () => {
  remove(tagIn(mirror.repository, "margo-lite"));
  await updateIndex();
  const push = ["push", mirror.mirror, "margo-lite", "--only", "package", "--store", extractSampleStore()];
  // The existing tags, the buildcache's install tree, and the padding of an existing package (manifest and config).
  const package_ = { GET: 4, HEAD: 0, POST: 2, PUT: 3 };
  expect(await run(...push, "--update-index")).toEqual({
    GET: package_.GET + 2 * LOOKING,
    HEAD: package_.HEAD + WRITING.HEAD,
    POST: package_.POST + WRITING.POST,
    PUT: package_.PUT + WRITING.PUT,
  });
});
