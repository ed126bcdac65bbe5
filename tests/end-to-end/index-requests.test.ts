// What bringing the index up to date costs in requests: as much as has changed, however many packages there are.
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

/** Takes a package's tag away, and the index with it out of the registry. */
function remove(tag: string): string {
  const { repository } = mirror;
  const digest = repository.tags.get(tag) ?? "";
  repository.blobs.delete(manifestIn(repository, "index.spack").layers[0]?.digest ?? "");
  repository.tags.delete(tag);
  return digest;
}

/** Index and tags: once before anything is written, and once more to see what became of it. */
const LOOKING = 2;

/** Whether index and config are there; the index; its manifest. The config is one that every index has. */
const WRITING = { HEAD: 2, POST: 1, PUT: 2 };

describe("update-index", () => {
  it("asks for index and tags where all is right; the index is kept", async () => {
    expect(await updateIndex()).toEqual({ GET: LOOKING + 1 });
    expect(await updateIndex()).toEqual({ GET: LOOKING });
  });

  it("reads the one package of twenty that is new", async () => {
    const tag = tagIn(mirror.repository, "margo-lite");
    await updateIndex();
    const digest = remove(tag);
    await updateIndex();
    mirror.repository.tags.set(tag, digest);
    expect(await updateIndex()).toEqual({ ...WRITING, GET: 2 * LOOKING + 2 });
    expect(await updateIndex()).toEqual({ GET: LOOKING });
  });

  it("asks whether the one of twenty is gone that is not listed", async () => {
    await updateIndex();
    remove(tagIn(mirror.repository, "margo-lite"));
    expect(await updateIndex()).toEqual({ ...WRITING, HEAD: WRITING.HEAD + 1, GET: 2 * LOOKING });
  });

  it("reads everything where there is no index", async () => {
    remove("index.spack");
    expect(await updateIndex()).toEqual({ ...WRITING, GET: 2 * LOOKING + 2 * PACKAGES });
  });

  it("--rebuild reads everything, but for configs that are kept", async () => {
    expect(await updateIndex("--rebuild")).toEqual({ GET: LOOKING + 1 + 2 * PACKAGES });
    expect(await updateIndex("--rebuild")).toEqual({ GET: LOOKING + PACKAGES });
  });
});

it("push --update-index asks nothing about packages for the index", async () => {
  remove(tagIn(mirror.repository, "margo-lite"));
  await updateIndex();
  const push = ["push", mirror.mirror, "margo-lite", "--only", "package", "--store", extractSampleStore()];
  // The tags that are there, and whether the mirror has a canonical install tree.
  const package_ = { GET: 2, HEAD: 2, POST: 2, PUT: 3 };
  expect(await run(...push, "--update-index")).toEqual({
    GET: package_.GET + 2 * LOOKING,
    HEAD: package_.HEAD + WRITING.HEAD,
    POST: package_.POST + WRITING.POST,
    PUT: package_.PUT + WRITING.PUT,
  });
});
