// Packages that were pulled and have not changed are pushed as the layers they came in.

import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CommandRun, SHORT_WAITS, spackOci } from "../support/command-line.js";
import {
  manifestIn,
  ownLayerIn,
  packageTagsIn,
  startMirror,
  type TestMirror,
  tagIn,
} from "../support/mirror.js";
import { describeStore } from "../support/store-tree.js";
import type { StoredRepository } from "../support/test-registry/storage.js";
import { startTestRegistry } from "../support/test-registry/test-registry.js";

interface PushJson {
  readonly originals: readonly { name: string }[];
  readonly pushed: readonly { name: string; bytes: number }[];
}

/** The root in which the fixture was built. */
const BUILT_AT = ["--relocate-to", "/tmp/spackA/opt", "--padded-length", "128"];
/** margo-lite and its run dependencies. */
const PACKAGES = 6;

// Short, because one package has the path of its sbang in a program.
let home: string;
let root: string;
let source: TestMirror;
let copy: StoredRepository;
beforeEach(async () => {
  home = mkdtempSync("/tmp/p");
  root = `${home}/o`;
  source = await startMirror();
  copy = source.registry.storage.repository("other/cache");
  expect(await run("pull", source.mirror, "margo-lite", "--root", root)).toMatchObject({ status: 0 });
});
afterEach(async () => {
  await source.registry.close();
  rmSync(home, { recursive: true, force: true });
});

function run(...args: string[]): Promise<CommandRun> {
  const cache = args[0] === "push-without-cache" ? "off" : join(home, "cache");
  const command = args[0] === "push-without-cache" ? ["push", ...args.slice(1)] : args;
  return spackOci(command, { environment: { HOME: home, SPACK_OCI_CACHE: cache } });
}

async function push(...options: string[]): Promise<PushJson> {
  const to = source.registry.location("other/cache");
  return (await run("push", to, "--store", root, "--json", ...options)).json<PushJson>();
}

function prefixOf(name: string): string {
  const below = join(root, "linux-x86_64_v3");
  return join(below, readdirSync(below).find((entry) => entry.startsWith(`${name}-`)) ?? "");
}

/** Packages whose layers equal those of the source. */
function sameLayers(repository = copy): string[] {
  const tags = packageTagsIn(repository);
  return tags.filter((tag) => ownLayerIn(repository, tag) === ownLayerIn(source.repository, tag));
}

it("all of them keep their digests, and are mounted if possible", async () => {
  const { originals, pushed } = await push();
  expect(originals).toHaveLength(PACKAGES);
  expect(pushed.map(({ bytes }) => bytes)).toEqual(Array(PACKAGES).fill(0));
  expect(packageTagsIn(copy)).toHaveLength(PACKAGES);
  expect(sameLayers()).toHaveLength(PACKAGES);
  expect(source.registry.count("POST", /mount=sha256/)).toBe(PACKAGES);
  // The config of each package.
  expect(source.registry.count("PUT", /blobs\/uploads/)).toBe(PACKAGES);
});

it("environments of their images have the paths of the layers", async () => {
  await push();
  const configOf = (repository: StoredRepository) => {
    const { config } = manifestIn(repository, tagIn(repository, "margo-lite"));
    return JSON.parse(repository.blobs.get(config.digest)?.toString() ?? "") as { config: unknown };
  };
  expect(configOf(copy).config).toEqual(configOf(source.repository).config);
});

it("installs from either buildcache are equal", async () => {
  await push("--update-index");
  const before = describeStore(root);
  rmSync(root, { recursive: true });
  const to = source.registry.location("other/cache");
  expect(await run("pull", to, "margo-lite", "--root", root)).toMatchObject({ status: 0 });
  expect(describeStore(root)).toEqual(before);
});

it("they are copied to another registry, which is reported", async () => {
  const other = await startTestRegistry();
  try {
    const { status, stdout } = await run("push", other.location("x/y"), "--store", root);
    expect(status).toBe(0);
    expect(stdout).toContain(`Reused the layers of ${PACKAGES} pulled packages.`);
    expect(sameLayers(other.storage.repository("x/y"))).toHaveLength(PACKAGES);
  } finally {
    await other.close();
  }
});

describe("a package is packed again", () => {
  /** A file of margo-lite's. */
  const library = () => join(prefixOf("margo-lite"), "include/margo.h");

  it.each<[string, () => void]>([
    [
      "in which a file has other content with the same size and time",
      () => {
        const { mtime, atime } = statSync(library());
        const bytes = readFileSync(library());
        bytes[0] = (bytes[0] ?? 0) ^ 1;
        writeFileSync(library(), bytes);
        utimesSync(library(), atime, mtime);
      },
    ],
    ["with an additional file", () => writeFileSync(join(prefixOf("margo-lite"), "new"), "")],
    ["with a missing file", () => unlinkSync(library())],
    ["in which a file has another name", () => renameSync(library(), `${library()}2`)],
    ["in which a file grew", () => appendFileSync(library(), "x")],
    ["in which a file has another mode", () => chmodSync(library(), 0o755)],
    [
      "in which a file became a link",
      () => {
        unlinkSync(library());
        symlinkSync("elsewhere", library());
      },
    ],
  ])("%s", async (_what, change) => {
    change();
    const { originals } = await push();
    expect(originals).toHaveLength(PACKAGES - 1);
    expect(packageTagsIn(copy)).toHaveLength(PACKAGES);
    expect(sameLayers()).toEqual(packageTagsIn(copy).filter((tag) => !tag.startsWith("margo-lite")));
  });

  it("whose layer no longer exists anywhere", async () => {
    source.repository.blobs.delete(ownLayerIn(source.repository, tagIn(source.repository, "margo-lite")));
    expect((await push()).originals).toHaveLength(PACKAGES - 1);
    expect(packageTagsIn(copy)).toHaveLength(PACKAGES);
  });

  it("whose source is unreachable, with a warning", async () => {
    source.registry.fault({
      method: "HEAD",
      path: /mochi-hpc\/buildcache\/blobs/,
      status: 503,
      times: Number.POSITIVE_INFINITY,
    });
    const { status, stderr } = await spackOci(
      ["push", source.registry.location("other/cache"), "--store", root],
      { environment: { HOME: home, SPACK_OCI_CACHE: join(home, "cache") }, mirrors: SHORT_WAITS },
    );
    expect(status).toBe(0);
    expect(stderr).toContain(
      `is packed again, because its original layer in ${source.mirror} could not be checked`,
    );
    expect(packageTagsIn(copy)).toHaveLength(PACKAGES);
    expect(sameLayers()).toEqual([]);
  });

  it("without a note about it", async () => {
    const to = source.registry.location("other/cache");
    expect(await run("push-without-cache", to, "--store", root)).toMatchObject({ status: 0 });
    expect(packageTagsIn(copy)).toHaveLength(PACKAGES);
    expect(sameLayers()).toEqual([]);
  });

  it("with a broken note about it", async () => {
    for (const name of readdirSync(join(home, "cache"))) {
      if (name.endsWith(".pull2")) writeFileSync(join(home, "cache", name), '{"fingerprint": "x"}');
    }
    expect((await push()).originals).toEqual([]);
  });
});

describe("a buildcache with an install tree", () => {
  it("reuses layers of this tree", async () => {
    expect((await push(...BUILT_AT)).originals).toHaveLength(PACKAGES);
    expect(sameLayers()).toHaveLength(PACKAGES);
  });

  it("does not reuse others", async () => {
    const { originals, pushed } = await push("--relocate-to", "/o");
    expect(originals).toEqual([]);
    expect(pushed).toHaveLength(PACKAGES);
    expect(sameLayers()).toEqual([]);
  });
});
