// Copies a buildcache to a Spack v3 mirror and back, without losing anything that such a mirror can hold.

import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  fetchBytes,
  fetchManifest,
  ImageLayout,
  type ImageManifest,
  openTarget,
} from "@spack-oci/oci-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { type FileServer, serveFiles } from "../support/file-server.js";
import { fixture } from "../support/fixtures.js";
import { portableEnvironment } from "../support/image-environment.js";
import { imageOf, packageTagsOf } from "../support/images.js";
import { listFiles } from "../support/list-files.js";
import { scratchDirectory } from "../support/scratch.js";
import { tagDigests } from "../support/tag-digests.js";

interface CopyJson {
  readonly planned: readonly string[];
  readonly copied: readonly { readonly tag: string; readonly bytes: number }[];
  readonly present: readonly string[];
  readonly unverified: readonly string[];
  readonly failed: readonly { readonly tag: string; readonly error: { readonly code: string } }[];
  readonly skipped: readonly { readonly tag: string }[];
  readonly index: { readonly outcome: string; readonly specs: number };
}

const original = `oci-layout:${fixture("oci-layout-main")}`;
const home = scratchDirectory("copy-url-mirror");
/** The whole buildcache as a v3 mirror. */
const whole = join(home, "whole");
let made = 0;

function fresh(): string {
  made += 1;
  return join(home, String(made));
}

async function copy(...args: string[]): Promise<CopyJson & { status: number; stderr: string }> {
  const run = await spackOci(["copy", ...args, "--json"]);
  const { destinations } = run.json<{ destinations?: readonly CopyJson[] }>();
  return { ...(destinations?.[0] as CopyJson), status: run.status, stderr: run.stderr };
}

/** Manifests and configs of images, without their creation times. */
async function imagesIn(mirror: string): Promise<Record<string, unknown>> {
  const target = openTarget(mirror);
  const images: Record<string, unknown> = {};
  for (const tag of Object.keys(await tagDigests(mirror))) {
    if (!tag.endsWith(".spack")) continue;
    const { config, ...manifest } = (await fetchManifest(target, tag)).manifest as ImageManifest;
    const text = String(await fetchBytes(target, config, { limit: 2 ** 26 }));
    const { archive_timestamp: _, ...said } = JSON.parse(text) as { config: { Env: string[] } } & Record<
      string,
      unknown
    >;
    images[tag] = { manifest, said: { ...said, config: { Env: environmentOf(said) } } };
  }
  return images;
}

/** Variables set by a recipe; recipes are not available when a mirror is copied. */
function environmentOf(said: Record<string, unknown>): string[] {
  return portableEnvironment(said).filter((variable) => !variable.startsWith("BEDROCK_"));
}

beforeAll(async () => {
  const made = await copy(original, whole);
  expect(made).toMatchObject({ status: 0, copied: { length: 20 }, failed: [], index: { specs: 20 } });
});

describe("a written mirror", () => {
  it("has a manifest for each package, and an index", () => {
    const files = listFiles(join(whole, "v3"));
    expect(files.filter((path) => path.endsWith(".spec.manifest.json"))).toHaveLength(20);
    expect(files).toContain("layout.json");
    expect(files).toContain("manifests/index/index.manifest.json");
    expect(files).toContain(
      "manifests/spec/data-lite/data-lite-git.main_1.0-li7gaiejel2xqxkbobzkjiet52vxsuej.spec.manifest.json",
    );
    expect(listFiles(whole).filter((path) => path.endsWith(".tmp"))).toEqual([]);
  });

  it("is left alone by the next copy, apart from new packages", async () => {
    const to = fresh();
    await copy(original, to, "json-c-lite");
    const before = readFileSync(join(to, "v3/layout.json"), "utf8");
    const again = await copy(original, to, "json-c-lite");
    expect(again).toMatchObject({
      copied: [],
      present: { length: 3 },
      index: { outcome: "unchanged", specs: 3 },
    });
    const more = await copy(original, to, "margo-lite", "--without-build-dependencies");
    expect(more.index).toMatchObject({ outcome: "written", specs: 7 });
    expect(readFileSync(join(to, "v3/layout.json"), "utf8")).toBe(before);
  });
});

describe("a buildcache copied from a mirror", () => {
  it("has the images that Spack pushed, environments included", async () => {
    const to = `oci-layout:${fresh()}`;
    const made = await copy(whole, to);
    expect(made).toMatchObject({
      status: 0,
      copied: { length: 20 },
      index: { outcome: "written", specs: 20 },
    });
    expect(await imagesIn(to)).toEqual(await imagesIn(original));
    expect((await spackOci(["list", to, "-L"])).stdout).toBe(
      (await spackOci(["list", original, "-L"])).stdout,
    );
  });

  it("can be filled package by package, with the same images", async () => {
    const to = `oci-layout:${fresh()}`;
    const needs = await copy(whole, to, "margo-lite", "--only", "dependencies");
    expect(needs).toMatchObject({ status: 0, copied: { length: 7 } });
    const rest = await copy(whole, to);
    expect(rest).toMatchObject({ status: 0, copied: { length: 13 }, present: { length: 7 } });
    expect(await imagesIn(to)).toEqual(await imagesIn(original));
  });

  it("is not created by a dry run", async () => {
    const to = `oci-layout:${fresh()}`;
    const run = await spackOci(["copy", whole, to, "json-c-lite", "--dry-run"]);
    expect(run.stdout.split("\n").filter((line) => line.startsWith("would copy "))).toHaveLength(3);
    expect(await spackOci(["list", to])).toMatchObject({ status: 3 });
  });
});

describe("a mirror on a web server", () => {
  let server: FileServer;
  beforeAll(async () => {
    server = await serveFiles(whole);
  });
  afterAll(() => server.close());

  it("is read with the same retries as registries", async () => {
    const to = `oci-layout:${fresh()}`;
    server.cut(/blobs/, 100);
    server.cut(/blobs/, 2_000);
    const made = await copy(server.url, to, "margo-lite");
    expect(made).toMatchObject({ status: 0, copied: { length: 8 }, failed: [] });
    expect(server.requests).toContain("/v3/layout.json");
    const again = await copy(`${server.url}/`, to, "margo-lite");
    expect(again).toMatchObject({ status: 0, copied: [], present: { length: 8 } });
  });

  it("must have an index", async () => {
    const bare = fresh();
    cpSync(whole, bare, { recursive: true });
    rmSync(join(bare, "v3/manifests/index"), { recursive: true });
    const other = await serveFiles(bare);
    const run = await spackOci(["copy", other.url, `oci-layout:${fresh()}`]);
    expect(run).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("spack buildcache update-index"),
    });
    await other.close();
    // In a directory the manifests themselves can be looked at.
    const made = await copy(bare, `oci-layout:${fresh()}`);
    expect(made).toMatchObject({ status: 0, copied: { length: 20 } });
  });

  it("is not written to", async () => {
    const run = await spackOci(["copy", original, "https://example.invalid/mirror"]);
    expect(run).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("only directories can be written"),
    });
  });
});

it("reports that signed packages were not verified", async () => {
  const signed = fresh();
  cpSync(whole, signed, { recursive: true });
  const [path = ""] = listFiles(join(signed, "v3/manifests/spec/json-c-lite"));
  const file = join(signed, "v3/manifests/spec/json-c-lite", path);
  const head = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n";
  const tail = "\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n";
  writeFileSync(file, head + readFileSync(file, "utf8") + tail);
  const made = await copy(signed, `oci-layout:${fresh()}`, "json-c-lite");
  expect(made).toMatchObject({ status: 0, unverified: [expect.stringMatching(/^json-c-lite-.*\.spack$/)] });
  expect(made.stderr).toContain("signatures were not verified");
});

it("does not copy a damaged package, which waits for the next copy, and its dependents without its layer", async () => {
  const damaged = fresh();
  cpSync(whole, damaged, { recursive: true });
  const manifests = join(damaged, "v3/manifests/spec/json-c-lite");
  const [path = ""] = listFiles(manifests);
  const { data } = JSON.parse(readFileSync(join(manifests, path), "utf8")) as {
    data: { checksum: string }[];
  };
  const checksum = data[0]?.checksum ?? "";
  const blob = join("blobs/sha256", checksum.slice(0, 2), checksum);
  const bytes = readFileSync(join(damaged, blob));
  bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 0xff;
  writeFileSync(join(damaged, blob), bytes);
  const to = `oci-layout:${fresh()}`;
  const first = await copy(damaged, to, "margo-lite");
  expect(first).toMatchObject({
    status: 5,
    failed: [{ tag: expect.stringMatching(/^json-c-lite-/), error: { code: "ERR_OCI_CORRUPT" } }],
  });
  expect(first.skipped).toEqual([]);
  const layout = new ImageLayout(to.replace("oci-layout:", ""));
  const [margo = ""] = (await packageTagsOf(layout)).filter((tag) => tag.startsWith("margo-lite-"));
  const partial = (await imageOf(layout, margo)).layers;
  expect((await imageOf(new ImageLayout(original.replace("oci-layout:", "")), margo)).layers).toHaveLength(
    partial.length + 1,
  );
  expect(Object.keys(await tagDigests(to)).some((tag) => tag.startsWith("json-c-lite"))).toBe(false);
  truncateSync(join(damaged, blob), 0);
  expect((await copy(damaged, to, "json-c-lite")).status).toBe(3);
  cpSync(join(whole, blob), join(damaged, blob));
  expect(await copy(damaged, to, "margo-lite")).toMatchObject({ status: 0, failed: [] });
});

describe("usage", () => {
  it.each([
    ["two Spack v3 mirrors", [whole, whole], "must be a buildcache"],
    ["several sources", [whole, original, "--from", whole], "one source and one destination"],
    ["--delete", [whole, original, "--delete", "--yes"], "--delete and --verify are not supported"],
    ["s3", ["s3://bucket/mirror", original], "neither a directory nor on a web server"],
  ])("%s is refused", async (_what, args, message) => {
    const run = await spackOci(["copy", ...args]);
    expect([1, 2]).toContain(run.status);
    expect(run.stderr).toContain(message);
  });

  it("says that a directory is no mirror", async () => {
    const run = await spackOci(["copy", home, `oci-layout:${fresh()}`]);
    expect(run).toMatchObject({ status: 3, stderr: expect.stringContaining("v3/layout.json") });
  });
});
