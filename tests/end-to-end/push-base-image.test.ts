// A push on top of a base image writes what Spack wrote, and nothing if the base image is unusable.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  descriptorOf,
  fetchManifest,
  ImageLayout,
  type ImageManifest,
  openTarget,
  pushBytes,
  type Target,
} from "@spack-oci/oci-client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { extractSampleStore, extractSampleStoreAsBuilt } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { copyTarget } from "../support/copy-target.js";
import { fixture } from "../support/fixtures.js";
import { portableEnvironment } from "../support/image-environment.js";
import { configOf, type ImageConfig, imageOf, packageTagsOf, tagsOf } from "../support/images.js";
import { scratchDirectory } from "../support/scratch.js";
import type { StoredRepository } from "../support/test-registry/storage.js";
import { startTestRegistry, type TestRegistry } from "../support/test-registry/test-registry.js";

const OCI = "application/vnd.oci.image";
const DOCKER = "application/vnd.docker";
const bases = new ImageLayout(fixture("oci-layout-base"));
const theirs = new ImageLayout(fixture("oci-layout-with-base"));
const packages = await packageTagsOf(theirs);

/** Layers are equal to Spack's only where Spack built the store. */
const storeAsBuilt = extractSampleStoreAsBuilt();
const store = storeAsBuilt ?? extractSampleStore();
if (storeAsBuilt === undefined)
  console.log(
    "skipped: comparing digests with Spack's, because /tmp/spackA is not the sample store of this user",
  );

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
  await copyTarget(bases, openTarget(registry.location("library/busybox")));
});
beforeEach(() => registry.reset());
afterAll(() => registry.close());

describe("on top of a base image with OCI media types", () => {
  const directory = scratchDirectory("push");
  const ours = new ImageLayout(directory);
  let reads: string[] = [];

  beforeAll(async () => {
    registry.reset();
    const base = registry.location("library/busybox:latest");
    const run = await push(`oci-layout:${directory}`, base, ["thallium-lite", "mochi-scripts"]);
    expect(run).toMatchObject({ status: 0 });
    reads = registry.requests.filter(({ method }) => method === "GET").map(({ path }) => path);
  });

  it("pushes the same packages as Spack", async () => {
    expect(packages).toHaveLength(11);
    expect((await tagsOf(ours)).filter((tag) => packages.includes(tag))).toEqual(packages);
  });

  it.each(packages)("gives %s the same manifest and config as Spack", async (tag) => {
    const [mine, spacks] = [await imageOf(ours, tag), await imageOf(theirs, tag)];
    expect(comparableManifest(mine)).toEqual(comparableManifest(spacks));
    expect(Object.keys(mine)).toEqual(Object.keys(spacks));
    const [myConfig, spacksConfig] = [await configOf(ours, tag), await configOf(theirs, tag)];
    expect(comparableConfig(myConfig)).toBe(comparableConfig(spacksConfig));
  });

  it("names its base image", async () => {
    const { digest } = await bases.resolve("latest");
    for (const tag of packages) {
      expect((await imageOf(ours, tag)).annotations).toMatchObject({
        "org.opencontainers.image.base.name": `${registry.host}/library/busybox:latest`,
        "org.opencontainers.image.base.digest": digest,
      });
    }
  });

  it("reads the manifest, config and layer of the base image once", async () => {
    const { config, layers } = await imageOf(bases, "latest");
    const path = (kind: string, reference: string) => `/v2/library/busybox/${kind}/${reference}`;
    const blobs = [config, ...layers].map(({ digest }) => path("blobs", digest));
    expect(reads.sort()).toEqual([...blobs, path("manifests", "latest")].sort());
  });
});

describe("on top of a base image with Docker media types", () => {
  const directory = scratchDirectory("push");
  const ours = new ImageLayout(directory);
  const tag = packages.find((name) => name.startsWith("margo-lite")) ?? "";

  it("has only those, and no annotations", async () => {
    const base = registry.location("library/busybox:docker");
    // Blobs that an earlier push left with OCI types are referred to with Docker's.
    expect(await push(`oci-layout:${directory}`, undefined, ["libfabric-lite@1.22.0"])).toMatchObject({
      status: 0,
    });
    expect(await push(`oci-layout:${directory}`, base, ["margo-lite"])).toMatchObject({ status: 0 });
    const { descriptor } = await fetchManifest(ours, tag);
    const mine = await imageOf(ours, tag);
    const types = [descriptor.mediaType, mine.mediaType, mine.config.mediaType];
    const manifest = `${DOCKER}.distribution.manifest.v2+json`;
    expect(types).toEqual([manifest, manifest, `${DOCKER}.container.image.v1+json`]);
    expect(new Set(mine.layers.map(({ mediaType }) => mediaType))).toEqual(
      new Set([`${DOCKER}.image.rootfs.diff.tar.gzip`]),
    );
    expect(mine.layers).toHaveLength(7);
    expect(mine.annotations).toBeUndefined();
    const [myConfig, spacksConfig] = [await configOf(ours, tag), await configOf(theirs, tag)];
    expect(comparableConfig(myConfig)).toBe(comparableConfig(spacksConfig));
  });

  it("is found by a pull like any other package", async () => {
    const root = join(scratchDirectory("pull"), "opt");
    const args = ["pull", `oci-layout:${directory}`, "--root", root, "--dry-run", "margo-lite"];
    expect(await spackOci(args)).toMatchObject({ status: 0 });
  });
});

it("takes a base image from an image layout", async () => {
  const directory = scratchDirectory("push");
  const base = `oci-layout:${fixture("oci-layout-base")}:latest`;
  expect(await push(`oci-layout:${directory}`, base, ["build-tool-lite"])).toMatchObject({ status: 0 });
  const ours = new ImageLayout(directory);
  const [tag = ""] = await tagsOf(ours);
  const { layers, annotations } = await imageOf(ours, tag);
  expect(layers).toHaveLength(2);
  // A directory of this machine means nothing on others.
  expect(Object.keys(annotations ?? {})).toEqual([
    "org.opencontainers.image.description",
    "org.opencontainers.image.base.digest",
  ]);
});

it("mounts the layers of the base image within a registry, once", async () => {
  const mirror = registry.location("mochi/cache");
  const run = await push(mirror, registry.location("library/busybox:latest"), ["margo-lite"]);
  expect(run).toMatchObject({ status: 0 });
  const digest = "sha256:8cb432efb5d7351a39c048e425a67cf054734416ef151b75bc0632ceaabc2667";
  expect(registry.storage.repository("mochi/cache").blobs.has(digest)).toBe(true);
  expect(registry.count("POST", /mount=sha256/)).toBe(1);
  expect(registry.count("GET", new RegExp(digest))).toBe(0);
});

describe("platforms", () => {
  it("are selected from an index, ignoring attestations", async () => {
    const base = openTarget(registry.location("library/several"));
    await copyTarget(bases, base);
    const good = await base.resolve("latest");
    const attestation = await putImageFor(base, { architecture: "unknown", os: "unknown" });
    const arm = await putImageFor(base, { architecture: "arm64", os: "linux" });
    const windows = await putImageFor(base, { architecture: "amd64", os: "windows" });
    const manifests = [
      { ...attestation, platform: { architecture: "unknown", os: "unknown" } },
      { ...windows, platform: { architecture: "amd64", os: "windows" } },
      { ...arm, platform: { architecture: "arm64", os: "linux", variant: "v8" } },
    ];
    await putIndex(base, "bad", manifests);
    await putIndex(base, "good", [
      ...manifests,
      { ...good, platform: { architecture: "amd64", os: "linux" } },
    ]);

    const bad = await refused(registry.location("library/several:bad"));
    expect(bad).toContain("is for windows/amd64, linux/arm64/v8; the packages are for linux/amd64");
    const directory = scratchDirectory("push");
    const run = await push(`oci-layout:${directory}`, registry.location("library/several:good"), [
      "build-tool-lite",
    ]);
    expect(run).toMatchObject({ status: 0 });
    const ours = new ImageLayout(directory);
    const [tag = ""] = await tagsOf(ours);
    expect((await imageOf(ours, tag)).layers[0]?.digest).toMatch(/^sha256:8cb432ef/);
  });

  it("come from an image's config without an index", async () => {
    const base = openTarget(registry.location("library/arm"));
    await putImageFor(base, { architecture: "arm64", os: "linux" }, "latest");
    expect(await refused(registry.location("library/arm"))).toContain("is for linux/arm64");
  });
});

describe("an unusable base image fails the push before anything is written", () => {
  it("if it is missing", async () => {
    const message = await refused(registry.location("library/busybox:gone"), 3);
    expect(message).toContain(`Could not read the base image ${registry.location("library/busybox:gone")}`);
  });

  it("if it is not a container image", async () => {
    const base = openTarget(registry.location("library/chart"));
    const config = await pushBytes(base, Buffer.from("{}"), {
      mediaType: "application/vnd.cncf.helm.config.v1+json",
    });
    const manifest = { schemaVersion: 2, config: config.descriptor, layers: [config.descriptor] };
    await pushBytes(base, Buffer.from(JSON.stringify(manifest)), {
      mediaType: `${OCI}.manifest.v1+json`,
      tag: "latest",
    });
    expect(await refused(registry.location("library/chart"))).toContain("is not a container image");
  });

  it("if its config is too large", async () => {
    const base = openTarget(registry.location("library/large"));
    const config = { ...descriptorOf(`${OCI}.config.v1+json`, Buffer.from("{}")), size: 65 * 1024 * 1024 };
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers: [] }));
    registry.storage.repository("library/large").putManifest(`${OCI}.manifest.v1+json`, manifest, "latest");
    expect(await refused(registry.location("library/large"), 5)).toContain(
      `Could not read the base image ${base.name}:latest`,
    );
  });

  it("if its name is not an image name", async () => {
    expect(await refused("Not an image", 2)).toContain("Not an image reference");
    expect(await refused("https://ghcr.io/x/y", 2)).toContain("Not a location");
  });

  describe("if it is private", () => {
    const users = { reader: "word" };
    let hidden: TestRegistry;
    let image: string;
    beforeAll(async () => {
      hidden = await startTestRegistry({ auth: { kind: "bearer", users } });
      image = hidden.location("team/base");
      const from = registry.storage.repository("library/busybox");
      const to = hidden.storage.repository("team/base");
      for (const blob of from.blobs.values()) to.putBlob(blob);
      const digest = from.tags.get("latest") ?? "";
      const { mediaType, bytes } = from.manifests.get(digest) ?? { mediaType: "", bytes: Buffer.alloc(0) };
      to.putManifest(mediaType, bytes, "latest");
    });
    afterAll(() => hidden.close());

    it("and has no password, even if the mirror has one", async () => {
      // Credentials in variables are for the mirror, not for another registry.
      const environment = { SPACK_OCI_USERNAME: "reader", SPACK_OCI_PASSWORD: "word" };
      expect(await refused(image, 4, environment)).toContain(`Could not read the base image ${image}:latest`);
    });

    it("unless docker's configuration has its password", async () => {
      const home = scratchDirectory("home");
      mkdirSync(join(home, ".docker"));
      const auth = Buffer.from("reader:word").toString("base64");
      writeFileSync(
        join(home, ".docker/config.json"),
        JSON.stringify({ auths: { [hidden.host]: { auth } } }),
      );
      const repository = await pushedTo("mochi/private", image, { HOME: home });
      expect([...repository.blobs.keys()].join()).toContain("sha256:8cb432ef");
    });
  });
});

function push(
  mirror: string,
  base: string | undefined,
  specs: readonly string[],
  environment: NodeJS.ProcessEnv = {},
) {
  const options = base === undefined ? [] : ["--base-image", base];
  const args = ["push", mirror, "--store", store, ...options, ...specs];
  // Every layer contains the path of the producer's Spack, which changes its digest.
  return spackOci(args, {
    environment: { HOME: "/nonexistent", SPACK_ROOT: "/tmp/peers/spack", ...environment },
  });
}

/** Pushes a package to a repository of the registry. */
async function pushedTo(
  name: string,
  base: string,
  environment: NodeJS.ProcessEnv,
): Promise<StoredRepository> {
  const run = await push(registry.location(name), base, ["build-tool-lite"], environment);
  expect(run).toMatchObject({ status: 0 });
  return registry.storage.repository(name);
}

/** The output of a push to an empty repository that fails because of its base image, and equally in a dry run. */
async function refused(base: string, status = 1, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const mirror = registry.location("mochi/untouched");
  const run = await push(mirror, base, ["build-tool-lite"], environment);
  expect(run.status).toBe(status);
  const dry = await push(mirror, base, ["--dry-run", "build-tool-lite"], environment);
  expect(dry.stderr).toBe(run.stderr);
  const writes = registry.requests.filter(
    ({ method, path }) => method !== "GET" && method !== "HEAD" && path.includes("untouched"),
  );
  expect(writes).toEqual([]);
  return run.stderr.replaceAll(/\s+/g, " ");
}

async function putImageFor(target: Target, platform: { architecture: string; os: string }, tag?: string) {
  const config = { ...platform, rootfs: { type: "layers", diff_ids: [] }, config: {} };
  const { descriptor } = await pushBytes(target, Buffer.from(JSON.stringify(config)), {
    mediaType: `${OCI}.config.v1+json`,
  });
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, config: descriptor, layers: [] }));
  await pushBytes(target, manifest, { mediaType: `${OCI}.manifest.v1+json`, tag });
  return descriptorOf(`${OCI}.manifest.v1+json`, manifest);
}

async function putIndex(target: Target, tag: string, manifests: readonly object[]): Promise<void> {
  const index = JSON.stringify({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests });
  await pushBytes(target, Buffer.from(index), { mediaType: `${OCI}.index.v1+json`, tag });
}

/**
 * Without sizes and digests of compressed blobs, and annotations that name the base image. The layers of the base image
 * are copied, so theirs are equal.
 */
function comparableManifest({ config, layers, annotations = {}, ...rest }: ImageManifest) {
  const [base, ...own] = layers;
  const spacks = Object.entries(annotations).filter(([name]) => !name.includes(".image.base."));
  return {
    ...rest,
    annotations: Object.fromEntries(spacks),
    config: config.mediaType,
    base,
    own: own.map(({ mediaType }) => mediaType),
  };
}

/** Text, so that the order of keys counts, without what depends on compression, the time, and the machine's /usr. */
function comparableConfig(config: ImageConfig): string {
  const comparable = {
    ...config,
    config: { ...config.config, Env: portableEnvironment(config) },
    archive_size: 0,
    archive_timestamp: "",
    binary_cache_checksum: "",
    ...(storeAsBuilt === undefined && { rootfs: "" }),
  };
  return JSON.stringify(comparable).replaceAll(store, "/tmp/spackA/opt");
}
