// Content made to exhaust memory is refused as corrupt, in little memory, and stands in the way of nothing.

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildBundle } from "../support/bundle.js";
import { fixture } from "../support/fixtures.js";
import { HOSTILE_LAYERS } from "../support/hostile-layers.js";
import { startMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { type MeasuredEnd, peakOfCommand } from "../support/peak-of-process.js";
import { scratchDirectory } from "../support/scratch.js";
import { json } from "../support/test-registry/answer.js";

const MEGABYTE = 1024 * 1024;
const MOST = 300e6;
const PACKAGE = "json-c-lite";
const INDEX = "index.spack";

let program: string;
let mirror: TestMirror;

beforeAll(() => {
  program = buildBundle(scratchDirectory("bundle"));
}, 60_000);
beforeEach(async () => {
  mirror = await startMirror();
  return () => mirror.registry.close();
});

/** Runs a command on content that is refused. */
async function refused(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<MeasuredEnd> {
  const end = await peakOfCommand(program, args, environment);
  const { status, stdout, stderr, peak } = end;
  expect({ status, stdout, stderr }).toMatchObject({ status: 5 });
  // Node's own words, or a stack.
  expect(stdout + stderr).not.toMatch(/Cannot create|ERR_STRING|heap out of memory|^ +at .*:\d+:\d+/m);
  expect(peak).toBeLessThan(MOST);
  return end;
}

interface Content {
  readonly config?: Buffer;
  readonly layer?: Buffer;
  /** The size in the descriptor of the layer, if it is not the real one. */
  readonly size?: number;
}

/** Replaces parts of the image under a tag. */
function replace(tag: string, { config, layer, size }: Content): void {
  const { repository } = mirror;
  const stored = repository.manifests.get(repository.tags.get(tag) ?? "");
  const image = JSON.parse(stored?.bytes.toString() ?? "") as {
    config: { digest: string; size: number };
    layers: { digest: string; size: number }[];
  };
  if (config !== undefined)
    Object.assign(image.config, { digest: repository.putBlob(config), size: config.length });
  if (layer !== undefined)
    Object.assign(image.layers.at(-1) ?? {}, {
      digest: repository.putBlob(layer),
      size: size ?? layer.length,
    });
  repository.putManifest(stored?.mediaType ?? "", Buffer.from(JSON.stringify(image)), tag);
}

/** A gzip file that unpacks to this many megabytes of spaces. */
function gzipBomb(megabytes: number): Buffer {
  const part = gzipSync(Buffer.alloc(20 * MEGABYTE, " "));
  return Buffer.concat(Array.from({ length: Math.ceil(megabytes / 20) }, () => part));
}

describe("a layer with", () => {
  it.each(Object.keys(HOSTILE_LAYERS))(
    "%s is refused, and the next pull works",
    async (what) => {
      const root = scratchDirectory("root");
      const tag = tagIn(mirror.repository, `${PACKAGE}-`);
      const sound = mirror.repository.tags.get(tag) ?? "";
      replace(tag, { layer: HOSTILE_LAYERS[what]?.() ?? Buffer.alloc(0) });
      const pull = ["pull", mirror.mirror, PACKAGE, "--root", root];
      // Without the packages that are compiled, zstd is decoded in JavaScript.
      await refused(pull, what.includes("zstd") ? { NODE_PATH: "" } : {});
      mirror.repository.tags.set(tag, sound);
      const again = await peakOfCommand(program, pull);
      expect(again).toMatchObject({ status: 0 });
      expect(readdirSync(join(root, ".spack-db")).length).toBeGreaterThan(0);
      expect(
        (readdirSync(root, { recursive: true }) as string[]).filter((path) => path.includes(".spack-oci-")),
      ).toEqual([]);
    },
    120_000,
  );
});

describe("an index that", () => {
  it.each<[string, () => Content]>([
    ["unpacks to two gigabytes", () => ({ layer: gzipBomb(2000) })],
    ["unpacks to 600 megabytes", () => ({ layer: gzipBomb(600) })],
    ["claims to have 600 megabytes", () => ({ layer: Buffer.from("{}"), size: 600e6 })],
    ["ends early", () => ({ layer: gzipSync(Buffer.alloc(5000, " ")).subarray(0, 30) })],
    ["is nested without end", () => ({ layer: Buffer.alloc(8 * MEGABYTE, "[") })],
    ["has millions of objects", () => ({ layer: Buffer.from(`{"database":[${"{},".repeat(3e6)}0]}`) })],
    ["is binary", () => ({ layer: Buffer.alloc(MEGABYTE, 0xff) })],
  ])(
    "%s is refused by list, pull and check",
    async (_what, content) => {
      replace(INDEX, content());
      await refused(["list", mirror.mirror]);
      await refused(["pull", mirror.mirror, PACKAGE, "--root", scratchDirectory("root")]);
      await refused(["check", mirror.mirror]);
    },
    120_000,
  );
});

describe("of a package,", () => {
  it.each<[string, Content]>([
    ["a config with millions of objects", { config: Buffer.from(`[${"{},".repeat(2e6)}0]`) }],
    ["a config of 20 megabytes", { config: Buffer.alloc(20e6, " ") }],
    ["a config that is binary", { config: Buffer.alloc(MEGABYTE, 0xff) }],
  ])("%s is refused", async (_what, content) => {
    replace(tagIn(mirror.repository, `${PACKAGE}-`), content);
    await refused(["show", mirror.mirror, PACKAGE]);
  });

  it.each<[string, string]>([
    ["lists in lists", "[".repeat(4 * MEGABYTE) + "]".repeat(4 * MEGABYTE)],
    ["more than fits", " ".repeat(9 * MEGABYTE)],
  ])("a manifest of %s is refused", async (_what, body) => {
    const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
    mirror.registry.fault({
      method: "GET",
      path: /manifests\//,
      times: 99,
      body,
      headers: { "docker-content-digest": digest },
    });
    await refused(["list", mirror.mirror]);
  });
});

it("a list of tags without end is refused", async () => {
  mirror.repository.tags.delete(INDEX);
  mirror.registry.fault({
    path: /tags\/list/,
    times: Number.POSITIVE_INFINITY,
    rewrite: (_, { url }) => {
      const page = Number(url.searchParams.get("page") ?? 0);
      const tags = Array.from({ length: 1000 }, (_, at) => `tag-${page * 1000 + at}`.padEnd(100, "x"));
      return json(200, { tags }, { link: `<${url.pathname}?page=${page + 1}>; rel="next"` });
    },
  });
  const { stderr } = await refused(["update-index", mirror.mirror]);
  expect(stderr).toContain("the list of tags does not end");
  expect(mirror.registry.count("GET")).toBeLessThan(2000);
}, 120_000);

it("an image layout whose index is too large is refused", async () => {
  const layout = scratchDirectory("layout");
  cpSync(fixture("oci-layout-main"), layout, { recursive: true });
  truncateSync(join(layout, "index.json"), 1e9);
  await refused(["list", `oci-layout:${layout}`]);
});

describe("a v3 mirror whose", () => {
  const manifest = (bytes: Buffer, mediaType: string) => ({
    version: 3,
    data: [
      {
        contentLength: bytes.length,
        mediaType,
        compression: "gzip",
        checksumAlgorithm: "sha256",
        checksum: createHash("sha256").update(bytes).digest("hex"),
      },
    ],
  });

  function mirrorWith(bytes: Buffer, mediaType: string, path: string): string {
    const directory = scratchDirectory("v3");
    const put = (name: string, content: Buffer | string) => {
      mkdirSync(join(directory, name, ".."), { recursive: true });
      writeFileSync(join(directory, name), content);
    };
    const checksum = createHash("sha256").update(bytes).digest("hex");
    put("v3/layout.json", '{"signing": "gpg"}');
    put(`blobs/sha256/${checksum.slice(0, 2)}/${checksum}`, bytes);
    put(path, JSON.stringify(manifest(bytes, mediaType)));
    return directory;
  }

  it("index unpacks to two gigabytes is refused", async () => {
    const from = mirrorWith(
      gzipBomb(2000),
      "application/vnd.spack.db.v8+json",
      "v3/manifests/index/index.manifest.json",
    );
    await refused(["copy", from, mirror.registry.location("other/cache")]);
  });

  it("spec unpacks to two gigabytes is refused", async () => {
    const path = "v3/manifests/spec/x/x-1-abcdefghijklmnopqrstuvwxyz234567.spec.manifest.json";
    const from = mirrorWith(gzipBomb(2000), "application/vnd.spack.spec.v5+json", path);
    await refused(["copy", from, mirror.registry.location("other/cache")]);
  });

  it("manifest has a gigabyte is refused", async () => {
    const path = "v3/manifests/index/index.manifest.json";
    const from = mirrorWith(gzipSync("{}"), "application/vnd.spack.db.v8+json", path);
    truncateSync(join(from, path), 1e9);
    await refused(["copy", from, mirror.registry.location("other/cache")]);
  });
});
