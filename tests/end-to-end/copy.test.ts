// Copies whole buildcaches and parts of them between all kinds of places: same digests, and a complete index.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { MEDIA_TYPES, openTarget, pushBytes } from "@spack-oci/oci-client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import {
  manifestIn,
  packageTagsIn,
  startEmptyMirror,
  startMirror,
  type TestMirror,
  tagIn,
} from "../support/mirror.js";
import { registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { missingContent, tagDigests } from "../support/tag-digests.js";

const original = `oci-layout:${fixture("oci-layout-main")}`;
const home = scratchDirectory("copy");
let made = 0;
let digests: Record<string, string>;

interface CopyJson {
  readonly destinations: readonly {
    readonly destination: string;
    readonly planned: readonly string[];
    readonly copied: readonly { readonly tag: string; readonly bytes: number }[];
    readonly present: readonly string[];
    readonly failed: readonly { readonly tag: string; readonly error: { readonly code: string } }[];
    readonly surplus: readonly string[];
    readonly deleted: readonly string[];
    readonly index?: { readonly outcome: string; readonly specs: number };
  }[];
}

beforeAll(async () => {
  digests = await tagDigests(original);
  expect(Object.keys(digests)).toHaveLength(21);
});

function newLayout(): string {
  made += 1;
  return `oci-layout:${join(home, String(made))}`;
}

async function copy(...args: string[]): Promise<CopyJson["destinations"][number]> {
  const run = await spackOci(["copy", ...args, "--json"]);
  expect(run.stderr).not.toContain("error");
  const [destination] = run.json<CopyJson>().destinations;
  if (destination === undefined) throw new Error(run.stdout);
  return destination;
}

async function namesIn(mirror: string): Promise<string[]> {
  const listed = (await spackOci(["list", mirror, "--json"])).json<{ name: string }[]>();
  return [...new Set(listed.map(({ name }) => name))].sort();
}

describe.each(registries)("%s", (_name, start) => {
  let registry: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    registry = await start();
  });
  afterAll(() => registry.stop());

  it("copies a buildcache from a directory to a registry, to another repository, and back to a directory", async () => {
    const [one, two, back] = [registry.location("copy/one"), registry.location("copy/two"), newLayout()];
    const sent = await copy(original, one);
    expect(sent).toMatchObject({ failed: [], present: [], index: { outcome: "written", specs: 20 } });
    expect(sent.copied).toHaveLength(21);
    const mounted = await copy(one, two);
    expect(mounted.copied.map(({ bytes }) => bytes)).toEqual(Array(21).fill(0));
    await copy(two, back);
    for (const mirror of [one, two, back]) {
      expect(await tagDigests(mirror)).toEqual(digests);
      expect(await missingContent(mirror)).toEqual([]);
      expect((await spackOci(["list", mirror, "--very-long"])).stdout).toBe(
        (await spackOci(["list", original, "--very-long"])).stdout,
      );
    }
  });

  it("streams to another host", async () => {
    const other = await start();
    try {
      const [from, to] = [registry.location("copy/from"), other.location("copy/to")];
      await copy(original, from);
      expect((await copy(from, to)).failed).toEqual([]);
      expect(await tagDigests(to)).toEqual(digests);
      expect(await missingContent(to)).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  it("keeps images for several platforms, and referrers", async () => {
    const from = newLayout();
    const signed = await pushSignedIndex(from);
    const [there, back] = [registry.location("copy/multi"), newLayout()];
    await copy(from, there);
    await copy(there, back);
    expect(await tagDigests(back)).toEqual(await tagDigests(from));
    expect(Object.keys(await tagDigests(back))).toContain(signed);
    expect(await missingContent(back)).toEqual([]);
  });
});

/** An image index for two platforms, each with a layer of an unknown type, and a signature of the index. */
async function pushSignedIndex(mirror: string): Promise<string> {
  const target = openTarget(mirror);
  const image = async (note: string, subject?: object) => {
    const { descriptor: config } = await pushBytes(target, Buffer.from("{}"), {
      mediaType: MEDIA_TYPES.ociConfig,
    });
    const { descriptor: layer } = await pushBytes(target, Buffer.from(note), {
      mediaType: "application/x.nobody-knows",
    });
    const manifest = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.ociManifest,
      config,
      layers: [layer],
      subject,
    };
    return (
      await pushBytes(target, Buffer.from(JSON.stringify(manifest)), { mediaType: MEDIA_TYPES.ociManifest })
    ).descriptor;
  };
  const index = async (manifests: readonly object[], tag: string) => {
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests }),
    );
    return (await pushBytes(target, bytes, { mediaType: MEDIA_TYPES.ociIndex, tag })).descriptor;
  };
  const platforms = await Promise.all(
    ["amd64", "arm64"].map(async (architecture) => ({
      ...(await image(architecture)),
      platform: { os: "linux", architecture },
    })),
  );
  const subject = await index(platforms, "multi");
  const list = subject.digest.replace(":", "-");
  await index([await image("signature", subject)], list);
  return list;
}

describe("a selection", () => {
  it("includes dependencies", async () => {
    const to = newLayout();
    await copy(original, to, "margo-lite", "--without-build-dependencies");
    const names = [
      "argobots-lite",
      "gcc-runtime",
      "json-c-lite",
      "libfabric-lite",
      "margo-lite",
      "mercury-lite",
    ];
    expect(await namesIn(to)).toEqual(names);
    await copy(original, to, "margo-lite");
    expect(await namesIn(to)).toEqual([...names, "build-tool-lite", "compiler-wrapper"].sort());
    expect(await missingContent(to)).toEqual([]);
  });

  it("can be only the packages, or only their dependencies", async () => {
    const [alone, needs] = [newLayout(), newLayout()];
    await copy(original, alone, "--only", "package", "margo-lite");
    expect(await namesIn(alone)).toEqual(["margo-lite"]);
    await copy(original, needs, "--only", "dependencies", "json-c-lite");
    expect(await namesIn(needs)).toEqual(["compiler-wrapper", "gcc-runtime"]);
  });

  it("must exist", async () => {
    const to = newLayout();
    const run = await spackOci(["copy", original, to, "nobody"]);
    expect(run).toMatchObject({ status: 3, stderr: expect.stringContaining("nobody") });
    expect(await spackOci(["list", to])).toMatchObject({ status: 3 });
  });

  it("may come from several sources, and go to several destinations", async () => {
    const [one, two, here, there] = [newLayout(), newLayout(), newLayout(), newLayout()];
    await copy(original, one, "--only", "package", "margo-lite");
    await copy(original, two, "--only", "dependencies", "margo-lite");
    const args = ["copy", one, here, "margo-lite", "--from", two, "--to", there, "--json"];
    const { destinations } = (await spackOci(args)).json<CopyJson>();
    expect(destinations.map(({ copied }) => copied.length)).toEqual([8, 8]);
    for (const mirror of [here, there]) {
      expect(await namesIn(mirror)).toHaveLength(8);
      expect(await missingContent(mirror)).toEqual([]);
    }
  });
});

describe("existing content", () => {
  let from: TestMirror;
  let to: TestMirror;
  beforeEach(async () => {
    [from, to] = [await startMirror(), await startMirror()];
  });
  afterEach(async () => {
    await from.registry.close();
    await to.registry.close();
  });

  it("stays in the index of the destination", async () => {
    const only = tagIn(from.repository, "json-c-lite");
    from.repository.tags.delete(only);
    await spackOci(["update-index", from.mirror]);
    to.repository.tags.delete(tagIn(to.repository, "data-lite"));
    await spackOci(["update-index", to.mirror]);
    expect(await copy(from.mirror, to.mirror)).toMatchObject({ index: { outcome: "written", specs: 20 } });
    expect(await namesIn(to.mirror)).toContain("json-c-lite");
    expect(to.repository.tags.has(only)).toBe(true);
  });

  it("is trusted under a package tag, and compared under any other tag", async () => {
    const [tag, other] = [tagIn(to.repository, "json-c-lite"), to.repository.tags.get("mochi-roots") ?? ""];
    const moved = to.repository.tags.get(tagIn(to.repository, "data-lite")) ?? "";
    to.repository.tags.set(tag, moved).set("mochi-roots", moved);
    expect((await copy(from.mirror, to.mirror)).copied).toMatchObject([{ tag: "mochi-roots" }]);
    expect(to.repository.tags.get("mochi-roots")).toBe(other);
    expect((await copy(from.mirror, to.mirror, "--verify")).copied).toMatchObject([{ tag }]);
    expect(Object.fromEntries(to.repository.tags)).toEqual(Object.fromEntries(from.repository.tags));
  });

  it("is left alone by a dry run", async () => {
    to.repository.tags.delete(tagIn(to.repository, "json-c-lite"));
    to.repository.tags.set("extra", [...to.repository.manifests.keys()][0] ?? "");
    to.registry.reset();
    const run = await spackOci(["copy", from.mirror, to.mirror, "--delete", "--dry-run"]);
    expect(run.stdout).toBe(
      `would copy ${tagIn(from.repository, "json-c-lite")} to ${to.mirror}\nwould delete extra from ${to.mirror}\n`,
    );
    expect(to.registry.requests.map(({ method }) => method)).not.toContain("PUT");
    expect(run.status).toBe(0);
  });

  it("does not stop a copy with a tag that cannot be copied", async () => {
    for (const tag of packageTagsIn(to.repository)) to.repository.tags.delete(tag);
    const tag = tagIn(from.repository, "json-c-lite");
    const config = manifestIn(from.repository, tag).config.digest;
    to.repository.blobs.delete(config);
    from.repository.blobs.delete(config);
    const run = await spackOci(["copy", from.mirror, to.mirror, "--delete", "--yes", "--json"]);
    expect(run.status).toBe(3);
    const [result] = run.json<CopyJson>().destinations;
    expect(result?.failed).toMatchObject([{ tag, error: { code: "ERR_OCI_NOT_FOUND" } }]);
    expect(result).toMatchObject({ copied: { length: 19 }, index: { outcome: "written", specs: 19 } });
    expect(to.repository.tags.has(tag)).toBe(false);
  });
});

describe("signatures of cosign", () => {
  it("are copied with their package", async () => {
    const [from, to] = [newLayout(), newLayout()];
    await copy(original, from);
    const tag = Object.keys(digests).find((name) => name.startsWith("json-c-lite")) ?? "";
    const signature = `${digests[tag]?.replace(":", "-")}.sig`;
    const source = openTarget(from);
    await source.tag(await source.resolve("mochi-roots"), signature);
    await copy(from, to, "json-c-lite", "--only", "package");
    expect(await tagDigests(to)).toEqual({ [tag]: digests[tag], [signature]: digests["mochi-roots"] });
  });
});

describe("--delete", () => {
  let from: TestMirror;
  let to: TestMirror;
  let gone: string;
  beforeEach(async () => {
    [from, to] = [await startMirror(), await startMirror()];
    gone = tagIn(from.repository, "json-c-lite");
    from.repository.tags.delete(gone);
    await spackOci(["update-index", from.mirror]);
  });
  afterEach(async () => {
    await from.registry.close();
    await to.registry.close();
  });

  it("removes tags that the source does not have, from the index first", async () => {
    const digest = to.repository.tags.get(gone);
    const result = await copy(from.mirror, to.mirror, "--delete", "--yes");
    expect(result).toMatchObject({ surplus: [gone], deleted: [gone], index: { specs: 19 } });
    expect(to.repository.tags.has(gone)).toBe(false);
    expect(await namesIn(to.mirror)).not.toContain("json-c-lite");
    const paths = to.registry.requests.map(({ method, path }) => `${method} ${path.split("/").at(-1)}`);
    expect(paths).toContain(`DELETE ${digest}`);
    expect(paths.indexOf("PUT index.spack")).toBeLessThan(paths.indexOf(`DELETE ${digest}`));
    expect(paths).toContain("PUT index.spack");
  });

  it("removes nothing without confirmation", async () => {
    to.registry.reset();
    const run = await spackOci(["copy", from.mirror, to.mirror, "--delete"]);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(gone);
    expect(run.stderr).toContain("--dry-run");
    expect(to.registry.requests.every(({ method }) => method === "GET" || method === "HEAD")).toBe(true);
    expect((await copy(from.mirror, to.mirror)).surplus).toEqual([]);
    expect(to.repository.tags.has(gone)).toBe(true);
  });

  it("is rejected for part of a buildcache", async () => {
    const run = await spackOci(["copy", from.mirror, to.mirror, "margo-lite", "--delete", "--yes"]);
    expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining("whole mirrors") });
  });

  it("reports a registry that cannot delete", async () => {
    to.registry.fault({ method: "DELETE", status: 405, times: 99 });
    const run = await spackOci(["copy", from.mirror, to.mirror, "--delete", "--yes"]);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain("405");
    // The remaining packages can still be found.
    expect(to.repository.tags.has(gone)).toBe(true);
    expect(await namesIn(to.mirror)).toContain("json-c-lite");
  });
});

it("creates nothing for a missing source", async () => {
  const to = newLayout();
  const run = await spackOci(["copy", `oci-layout:${home}/nowhere`, to]);
  expect(run).toMatchObject({ status: 3, stderr: expect.stringContaining("nowhere") });
  rmSync(join(home, "nowhere"), { recursive: true, force: true });
});

it("needs no index", async () => {
  const [from, to] = [await startMirror(), await startEmptyMirror()];
  from.repository.tags.delete("index.spack");
  const result = await copy(from.mirror, to.mirror);
  expect(result.index).toBeUndefined();
  expect(await tagDigests(to.mirror)).toEqual(digests);
  await from.registry.close();
  await to.registry.close();
});
