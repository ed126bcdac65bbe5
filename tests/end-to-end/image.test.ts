// Images built from a buildcache: their contents, how they run, and that they are reproducible.

import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CommandRun, spackOci } from "../support/command-line.js";
import { copyTarget } from "../support/copy-target.js";
import { fixture } from "../support/fixtures.js";
import { portableEnvironment } from "../support/image-environment.js";
import { configOf, type ImageConfig, imageOf, tagsOf } from "../support/images.js";
import { manifestIn, startMirror, type TestMirror } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { startTestRegistry, type TestRegistry } from "../support/test-registry/test-registry.js";

const scratch = scratchDirectory("image");
const directory = join(scratch, "mirror");
const mirror = new ImageLayout(directory);
const base = `oci-layout:${fixture("oci-layout-base")}:latest`;
const roots = ["bedrock-lite", "mochi-scripts", "tricky-lite"];

beforeAll(() => cpSync(fixture("oci-layout-main"), directory, { recursive: true }));

function image(...args: readonly string[]): Promise<CommandRun> {
  return spackOci(["image", `oci-layout:${directory}`, ...args]);
}

async function made(tag: string, ...args: readonly string[]): Promise<ImageConfig> {
  expect(await image(...args, "--tag", tag)).toMatchObject({ status: 0 });
  return configOf(mirror, tag);
}

describe("several packages", () => {
  it("become the same image as Spack's, apart from directories of its machine", async () => {
    const config = await made("mine", ...roots);
    const [mine, spacks] = [await imageOf(mirror, "mine"), await imageOf(mirror, "mochi-roots")];
    expect(mine.layers).toEqual(spacks.layers);
    expect(config.config["Env"]).toEqual(portableEnvironment(await configOf(mirror, "mochi-roots")));
    expect(config["rootfs"]).toEqual((await configOf(mirror, "mochi-roots"))["rootfs"]);
    expect(config).toMatchObject({ os: "linux", architecture: "amd64" });
    expect(config).not.toHaveProperty("spec");
  });

  it("can come from a lock file", async () => {
    const lockfile = fixture("producer/spack.lock");
    const { roots: locked } = JSON.parse(readFileSync(lockfile, "utf8")) as { roots: { hash: string }[] };
    await made("locked", "--lockfile", lockfile);
    const run = await image("--lockfile", lockfile, "--tag", "locked", "--json");
    const { platforms } = run.json<{ platforms: { roots: { hash: string }[] }[] }>();
    expect(platforms[0]?.roots.map(({ hash }) => hash)).toEqual(locked.map(({ hash }) => hash));
  });

  it("default to all packages, with those without dependents as roots", async () => {
    const run = await image("--tag", "all", "--json");
    const { platforms } = run.json<{ platforms: { roots: { name: string }[]; packages: unknown[][] }[] }>();
    const packages = (await tagsOf(mirror)).filter((tag) => tag.endsWith(".spack") && tag !== "index.spack");
    expect(platforms[0]?.packages.flat()).toHaveLength(packages.length);
    expect(platforms[0]?.roots.map(({ name }) => name)).not.toContain("margo-lite");
  });
});

it("is the same image every time, created at the time of its newest part or at SOURCE_DATE_EPOCH", async () => {
  const config = await made("first", "thallium-lite", "--view", "/opt/view", "--max-layers", "4");
  await made("again", "thallium-lite", "--view", "/opt/view", "--max-layers", "4");
  expect(await mirror.resolve("again")).toEqual(await mirror.resolve("first"));
  expect(config["created"]).toBe("2026-11-22T15:25:38.267Z");
  const environment = { HOME: "/nonexistent", SOURCE_DATE_EPOCH: "86400" };
  const args = ["image", `oci-layout:${directory}`, "thallium-lite", "--tag", "dated"];
  expect(await spackOci(args, { environment })).toMatchObject({ status: 0 });
  expect(await configOf(mirror, "dated")).toMatchObject({ created: "1970-01-02T00:00:00.000Z" });
});

describe("a base image", () => {
  it("is below the packages, and keeps its config", async () => {
    const config = await made("based", "thallium-lite", "--base-image", base);
    const from = new ImageLayout(fixture("oci-layout-base"));
    const [below, above] = [await imageOf(from, "latest"), await imageOf(mirror, "based")];
    expect(above.layers.slice(0, below.layers.length)).toEqual(below.layers);
    expect(above.layers).toHaveLength(below.layers.length + 7);
    expect(above.annotations).toMatchObject({
      "org.opencontainers.image.base.digest": (await from.resolve("latest")).digest,
    });
    const { Cmd, Env } = config.config as { Cmd: unknown; Env: string[] };
    expect(Cmd).toEqual((await configOf(from, "latest")).config["Cmd"]);
    const [path = ""] = Env;
    const [basePath = ""] = (await configOf(from, "latest")).config["Env"] as string[];
    expect(path.endsWith(`:${basePath.slice("PATH=".length)}`)).toBe(true);
  });

  it("with Docker's media types gives an image with only those", async () => {
    await made("docker", "thallium-lite", "--base-image", base.replace("latest", "docker"), "--squash");
    const { mediaType, layers, annotations } = await imageOf(mirror, "docker");
    expect(mediaType).toBe("application/vnd.docker.distribution.manifest.v2+json");
    expect(new Set(layers.map((layer) => layer.mediaType)).size).toBe(1);
    expect(annotations).toBeUndefined();
  });

  it("of the packages' own images is left out", async () => {
    const based = join(scratch, "with-base");
    cpSync(fixture("oci-layout-with-base"), based, { recursive: true });
    const args = ["image", `oci-layout:${based}`, "margo-lite", "--tag", "bare"];
    expect(await spackOci(args)).toMatchObject({ status: 0 });
    const own = new ImageLayout(based);
    expect((await imageOf(own, "bare")).layers).toHaveLength(6);
    const { Env } = (await configOf(own, "bare")).config as { Env: string[] };
    expect(Env[0]).toMatch(/^PATH=\/tmp\/spackA.*:\/bin:\/usr\/bin$/);
  });
});

it("configures how it runs, like a Dockerfile", async () => {
  const config = await made(
    "configured",
    ...["thallium-lite", "--base-image", base],
    ...[
      "--env",
      "A=1",
      "--env",
      "MANPATH=/man",
      "--label",
      "who=me",
      "--workdir",
      "/work",
      "--user",
      "nobody",
    ],
    ...["--entrypoint", '["/bin/sh", "-c"]', "--cmd", "thallium-info"],
  );
  const { Env, ...rest } = config.config as { Env: string[] };
  expect(rest).toMatchObject({
    Entrypoint: ["/bin/sh", "-c"],
    Cmd: ["thallium-info"],
    Labels: { who: "me" },
    WorkingDir: "/work",
    User: "nobody",
  });
  expect(Env).toContain("A=1");
  expect(Env.filter((entry) => entry.startsWith("MANPATH="))).toEqual(["MANPATH=/man"]);
});

it("has variables for its view", async () => {
  const config = await made("viewed", ...roots, "--view", "/opt/view/");
  expect(config.config["Env"]).toEqual([
    "PATH=/opt/view/bin:/bin:/usr/bin",
    "BEDROCK_HOME=/opt/view",
    "BEDROCK_PATH=/opt/view/share",
    "CMAKE_PREFIX_PATH=/opt/view",
    "MANPATH=/opt/view/share/man",
    "PKG_CONFIG_PATH=/opt/view/lib/pkgconfig",
  ]);
});

it("writes nothing in a dry run", async () => {
  const before = await tagsOf(mirror);
  const run = await image("thallium-lite", "--tag", "dry", "--squash", "--dry-run");
  expect(run).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("7 packages in 1 layer, 7 of them merged"),
  });
  expect(await tagsOf(mirror)).toEqual(before);
});

it("lists its images in a file, and annotates the CI job", async () => {
  const file = join(scratch, "digests.json");
  const environment = {
    HOME: "/nonexistent",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "mochi-hpc/cache",
  };
  const args = ["image", `oci-layout:${directory}`, "json-c-lite", "--tag", "told", "--digests-file", file];
  expect(await spackOci(args, { environment })).toMatchObject({ status: 0 });
  const { digest } = await mirror.resolve("told");
  const told = JSON.parse(readFileSync(file, "utf8")) as { images: { layers: unknown[] }[] };
  expect(told).toMatchObject({ mirror: mirror.name, images: [{ tag: "told", digest }] });
  expect(told.images[0]?.layers).toHaveLength(2);
  expect((await imageOf(mirror, "told")).annotations).toMatchObject({
    "org.opencontainers.image.source": "https://github.com/mochi-hpc/cache",
    "org.opencontainers.image.created": (await configOf(mirror, "told"))["created"],
  });
});

it("is not a package to readers of the buildcache", async () => {
  await made("app", "thallium-lite");
  const listed = await spackOci(["list", `oci-layout:${directory}`, "--json"]);
  expect(await spackOci(["update-index", `oci-layout:${directory}`])).toMatchObject({ status: 0 });
  expect((await spackOci(["list", `oci-layout:${directory}`, "--json"])).stdout).toBe(listed.stdout);
});

describe("in a registry", () => {
  let source: TestMirror;
  let other: TestRegistry;
  beforeAll(async () => {
    source = await startMirror();
    other = await startTestRegistry();
    await copyTarget(
      new ImageLayout(fixture("oci-layout-base")),
      openTarget(other.location("library/busybox")),
    );
  });
  beforeEach(() => {
    source.registry.reset();
    other.reset();
  });
  afterAll(async () => {
    await source.registry.close();
    await other.close();
  });

  it("reuses layers in place, and is tagged last", async () => {
    const args = ["image", source.mirror, "thallium-lite", "--tag", "app"];
    expect(await spackOci(args)).toMatchObject({ status: 0 });
    expect(manifestIn(source.repository, "app").layers).toHaveLength(7);
    const writes = source.registry.requests.filter(({ method }) => ["POST", "PUT", "PATCH"].includes(method));
    // The config in two requests, then the manifest.
    expect(writes.map(({ method }) => method)).toEqual(["POST", "PUT", "PUT"]);
    expect(writes.at(-1)?.path).toMatch(/\/manifests\/app$/);
  });

  it("goes to another repository on the host with mounts", async () => {
    const name = `${source.registry.location("team/app")}:1.0`;
    expect(await spackOci(["image", source.mirror, "thallium-lite", "--tag", name])).toMatchObject({
      status: 0,
    });
    const repository = source.registry.storage.repository("team/app");
    expect(manifestIn(repository, "1.0").layers.every(({ digest }) => repository.blobs.has(digest))).toBe(
      true,
    );
    expect(source.registry.count("POST", /team\/app.*mount=sha256/)).toBe(7);
    expect(source.registry.count("PUT", /team\/app\/blobs/)).toBe(1);
  });

  it("goes to another registry", async () => {
    const name = `${other.location("team/app")}:1.0`;
    const args = ["image", source.mirror, "thallium-lite", "--max-layers", "5", "--tag", name];
    const run = await spackOci([...args, "--base-image", other.location("library/busybox")]);
    expect(run).toMatchObject({ status: 0 });
    const repository = other.storage.repository("team/app");
    const { layers } = manifestIn(repository, "1.0");
    expect(layers).toHaveLength(5);
    expect(layers.every(({ digest }) => repository.blobs.has(digest))).toBe(true);
  });

  it("finds the password for its destination in docker's configuration", async () => {
    const locked = await startTestRegistry({ auth: { kind: "basic", users: { me: "word" } } });
    try {
      const args = ["image", source.mirror, "json-c-lite", "--tag", `${locked.location("team/app")}:1`];
      expect(await spackOci(args)).toMatchObject({ status: 4 });
      const home = scratchDirectory("home");
      const auth = Buffer.from("me:word").toString("base64");
      writeFileSync(join(home, "config.json"), JSON.stringify({ auths: { [locked.host]: { auth } } }));
      const environment = { HOME: "/nonexistent", DOCKER_CONFIG: home };
      expect(await spackOci(args, { environment })).toMatchObject({ status: 0 });
    } finally {
      await locked.close();
    }
  });
});
