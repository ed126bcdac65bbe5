// Everything that prevents an image is found before anything is written, and reported by name.

import { join } from "node:path";
import { descriptorOf, ImageLayout, openTarget, pushBytes } from "@spack-oci/oci-client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CommandRun, spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { imageOf, tagsOf } from "../support/images.js";
import { ownLayerIn, startMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { pushSynthetic, type SyntheticPackage } from "../support/synthetic-buildcache.js";
import { startTestRegistry } from "../support/test-registry/test-registry.js";

const OCI = "application/vnd.oci.image";
let source: TestMirror;
beforeAll(async () => {
  source = await startMirror();
});
beforeEach(() => source.registry.reset());
afterAll(() => source.registry.close());

/** The output of a command that fails without writing anything. */
async function refused(status: number, ...args: readonly string[]): Promise<string> {
  const run = await spackOci(["image", source.mirror, ...args]);
  expect(run).toMatchObject({ status });
  expect(writes()).toEqual([]);
  return run.stderr.replaceAll(/\s+/g, " ");
}

function writes() {
  return source.registry.requests.filter(({ method }) => method !== "GET" && method !== "HEAD");
}

describe("a tag", () => {
  it.each([
    ["index.spack", "is reserved for packages"],
    ["mine.spack", "is reserved for packages"],
    [".mine", "Not a tag"],
    ["mi ne", "Not a tag"],
    ["x".repeat(129), "Not a tag"],
    [`ghcr.io/x/y@sha256:${"0".repeat(64)}`, "names an image by its digest"],
    ["ghcr.io/x/y:mine.spack", "is reserved for packages"],
    ["https://ghcr.io/x/y", "Not a location"],
  ])("cannot be %.40s", async (tag, words) => {
    expect(await refused(2, "json-c-lite", "--tag", tag)).toContain(words);
  });

  it("is required", async () => {
    expect(await refused(2, "json-c-lite")).toContain("required option '-t, --tag <name>'");
  });
});

describe("an option", () => {
  it.each([
    [["--env", "novalue"], "NAME=VALUE"],
    [["--label", "=x"], "NAME=VALUE"],
    [["--entrypoint", "two words"], "Expected one word or a JSON array"],
    [["--entrypoint", "[1]"], "JSON array of strings"],
    [["--cmd", "[broken"], "Expected a valid JSON array."],
    [["--workdir", "here"], "is not a working directory"],
    [["--view", "view"], "is not a directory for a view"],
    [["--view", "/"], "is not a directory for a view"],
    [["--view", "/tmp/spackA"], "would cover /tmp/spackA/opt"],
    [["--max-layers", "0"], "a whole number from 1 to 127"],
    [["--max-layers", "128"], "a whole number from 1 to 127"],
    [["--max-layers", "3", "--squash"], "cannot be used with"],
    [["--max-layers", "1", "--view", "/opt/view"], "leave no room for packages"],
    [["--lockfile", "/nonexistent/spack.lock"], "The lock file /nonexistent/spack.lock does not exist."],
  ])("%j is rejected", async (args, words) => {
    expect(await refused(2, "json-c-lite", "--tag", "mine", ...args)).toContain(words);
  });
});

describe("a package", () => {
  it("that is missing is reported", async () => {
    expect(await refused(3, "nosuch", "--tag", "mine")).toContain("nosuch is not in");
  });

  it("that is ambiguous is reported", async () => {
    expect(await refused(2, "libfabric-lite", "--tag", "mine")).toContain("matches 2 packages");
  });

  it("that is a missing dependency is reported", async () => {
    const tag = tagIn(source.repository, "json-c-lite");
    const digest = source.repository.tags.get(tag) ?? "";
    source.repository.tags.delete(tag);
    try {
      // The index still lists it.
      const message = await refused(3, "thallium-lite", "--tag", "mine");
      expect(message).toContain("Could not put json-c-lite@0.18/exoqmbs into an image");
      const lockfile = ["--lockfile", fixture("producer/spack.lock")];
      const locked = await refused(3, "thallium-lite", ...lockfile, "--tag", "mine");
      expect(locked).toContain("1 of 7 packages are not in");
      expect(locked).toContain("json-c-lite@0.18/exoqmbs");
    } finally {
      source.repository.tags.set(tag, digest);
    }
  });

  it("whose layer is missing is reported", async () => {
    const digest = ownLayerIn(source.repository, tagIn(source.repository, "json-c-lite"));
    const blob = source.repository.blobs.get(digest) as Buffer;
    source.repository.blobs.delete(digest);
    try {
      const message = await refused(3, "thallium-lite", "--tag", "mine");
      expect(message).toContain("Could not put json-c-lite@0.18/exoqmbs into an image");
    } finally {
      source.repository.blobs.set(digest, blob);
    }
  });
});

describe("a base image", () => {
  it("that is missing is reported", async () => {
    const base = source.registry.location("library/gone:latest");
    expect(await refused(3, "json-c-lite", "--tag", "mine", "--base-image", base)).toContain(
      "Could not read the base image",
    );
  });

  it("that is private is reported", async () => {
    const hidden = await startTestRegistry({ auth: { kind: "basic", users: { me: "word" } } });
    try {
      const base = hidden.location("team/base");
      expect(await refused(4, "json-c-lite", "--tag", "mine", "--base-image", base)).toContain(
        "Could not read the base image",
      );
    } finally {
      await hidden.close();
    }
  });

  it("whose config leaves no space is rejected", async () => {
    const base = openTarget(source.registry.location("library/large"));
    const labels = { long: "x".repeat(4 * 1024 * 1024) };
    const config = {
      architecture: "amd64",
      os: "linux",
      rootfs: { type: "layers", diff_ids: [] },
      config: { Labels: labels },
    };
    const text = Buffer.from(JSON.stringify(config));
    await pushBytes(base, text, { mediaType: `${OCI}.config.v1+json` });
    const descriptor = descriptorOf(`${OCI}.config.v1+json`, text);
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, config: descriptor, layers: [] }));
    await pushBytes(base, manifest, { mediaType: `${OCI}.manifest.v1+json`, tag: "latest" });
    source.registry.reset();
    const args = ["json-c-lite", "--tag", "mine", "--base-image", source.registry.location("library/large")];
    expect(await refused(1, ...args)).toContain("The config of mine would have");
  });
});

describe("packages that do not fit together", () => {
  async function made(
    ...packages: readonly SyntheticPackage[]
  ): Promise<{ run: CommandRun; tags: string[] }> {
    const mirror = new ImageLayout(join(scratchDirectory("image-errors"), "mirror"));
    await pushSynthetic(mirror, packages);
    const run = await spackOci(["image", mirror.name, "--tag", "mine"]);
    return { run, tags: await tagsOf(mirror) };
  }

  it.each([
    ["at one place", "/opt/spack/same"],
    ["in one another", "/opt/spack/same/below"],
  ])("because they are %s are refused", async (_, prefix) => {
    const { run, tags } = await made({ name: "a", prefix: "/opt/spack/same" }, { name: "b", prefix });
    expect(run).toMatchObject({ status: 1 });
    expect(run.stderr.replaceAll(/\s+/g, " ")).toMatch(
      /[ab]@1\/\w{7} and [ab]@1\/\w{7} are both in \/opt\/spack\/same\./,
    );
    expect(tags).not.toContain("mine");
  });

  it("because they come from several install trees cause a warning", async () => {
    const mirror = new ImageLayout(join(scratchDirectory("image-errors"), "mirror"));
    const [first] = (await pushSynthetic(mirror, [{ name: "a" }])).values();
    const path = first?.prefix.replace("/opt/spack", "/srv/software");
    const { run } = await made({ name: "a", prefix: path ?? "" }, { name: "b", dependencies: ["a"] });
    expect(run).toMatchObject({ status: 0 });
    expect(run.stderr).toContain(
      "several install trees, and may not find each other: /opt/spack, /srv/software",
    );
  });
});

it("leaves no tag if a layer turns out to be broken while merging", async () => {
  const tag = tagIn(source.repository, "json-c-lite");
  const digest = ownLayerIn(source.repository, tag);
  const blob = source.repository.blobs.get(digest) as Buffer;
  const broken = Buffer.from(blob);
  broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 0xff;
  source.repository.blobs.set(digest, broken);
  try {
    const run = await spackOci(["image", source.mirror, "thallium-lite", "--tag", "mine", "--squash"]);
    expect(run).toMatchObject({ status: 5 });
    expect(source.repository.tags.has("mine")).toBe(false);
    expect(
      source.registry.requests.some(({ method, path }) => method === "PUT" && path.includes("/manifests/")),
    ).toBe(false);
  } finally {
    source.repository.blobs.set(digest, blob);
  }
  const again = await spackOci(["image", source.mirror, "thallium-lite", "--tag", "mine", "--squash"]);
  expect(again).toMatchObject({ status: 0 });
  expect((await imageOf(openTarget(source.mirror), "mine")).layers).toHaveLength(1);
});
