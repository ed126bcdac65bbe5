// Audits a registry: the requests and bytes they cost, their findings about roots, and how they handle faults.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { childrenOf, fetchBytes, fetchManifest, MemoryTarget } from "@spack-oci/oci-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import {
  ownLayerIn,
  packageTagsIn,
  startEmptyMirror,
  startMirror,
  type TestMirror,
  tagIn,
} from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { pushSynthetic, type SyntheticPackage } from "../support/synthetic-buildcache.js";
import { answer, content } from "../support/test-registry/answer.js";
import type { StoredRepository } from "../support/test-registry/storage.js";

interface AuditJson {
  readonly roots: readonly { root: string; paddedLength: number | null; packages: number }[];
  readonly packages: readonly {
    tag: string;
    name: string;
    prefix: string | null;
    root: string | null;
    paddedLength: number | null;
    projection: string | null;
    rootFrom: string | null;
    spackVersion: string | null;
    read: { way: string; requests: number; bytes: number };
  }[];
  readonly findings: readonly { kind: string; root?: string; packages: number; what: string; hint: string }[];
  readonly unread: readonly { tag: string; kind: string; severity: string }[];
  readonly layers: { requests: number; bytes: number };
}

const ALWAYS = Number.POSITIVE_INFINITY;
const DEFAULT_PROJECTION = "{architecture.platform}-{architecture.target}/{name}-{version}-{hash}";
const PADDED = `/opt/spack/${Array(4).fill("__spack_path_placeholder__").join("/")}/__spack_p`;
const START = 16 * 1024;
const END = 32 * 1024;

const scratch = scratchDirectory("audit");
let caches = 0;
let cache: string;
let mirror: TestMirror;
beforeEach(() => {
  caches += 1;
  cache = join(scratch, `cache-${caches}`);
});
afterEach(() => mirror.registry.close());

/** Runs an audit, and counts its requests from zero. */
async function audit(...args: string[]): Promise<AuditJson> {
  mirror.registry.requests.length = 0;
  const run = await spackOci(["audit", mirror.mirror, "--json", ...args], environment());
  expect(run.stderr).not.toContain("error");
  return run.json<AuditJson>();
}

function environment() {
  return { environment: { HOME: "/nonexistent", SPACK_OCI_CACHE: cache } };
}

/** Adds packages to the registry without a request. */
async function fill(repository: StoredRepository, packages: readonly SyntheticPackage[]): Promise<void> {
  const memory = new MemoryTarget();
  await pushSynthetic(memory, packages);
  for await (const tag of memory.tags()) {
    const { descriptor, bytes, manifest } = await fetchManifest(memory, tag);
    repository.putManifest(descriptor.mediaType, bytes, tag);
    for (const child of childrenOf(manifest)) {
      repository.putBlob(await fetchBytes(memory, child, { limit: ALWAYS }));
    }
  }
}

/** Text that hardly compresses, so that its layer is longer than layers that are read whole. */
function bulk(name: string): string {
  return createHash("shake256", { outputLength: 80_000 }).update(name).digest("base64");
}

function bulky(name: string, more: Partial<SyntheticPackage> = {}): SyntheticPackage {
  return { name, files: { "share/bulk": bulk(name) }, compressedBy: "spack-oci", ...more };
}

describe("a buildcache of 1000 packages", () => {
  const PACKAGES = 1000;
  /** The tags of the packages, and of the index. */
  const PAGES = 2;

  it("costs two ranges of each layer, and no layers in the next audit", async () => {
    mirror = await startEmptyMirror();
    const { registry, repository } = mirror;
    // Every second layer is compressed like Spack's, which can only be entered at the start.
    for (let at = 0; at < PACKAGES; at += 2) {
      const [library, program] = [`library-${at}`, `program-${at}`];
      await fill(repository, [
        bulky(library, { root: PADDED, compressedBy: "spack" }),
        bulky(program, { root: PADDED, dependencies: [library] }),
      ]);
    }
    expect(packageTagsIn(repository)).toHaveLength(PACKAGES);
    expect(await spackOci(["update-index", mirror.mirror])).toMatchObject({ status: 0 });

    const first = await audit();
    expect(first.packages).toHaveLength(PACKAGES);
    expect(first.findings).toEqual([]);
    expect(first.roots).toEqual([
      { root: PADDED, unpaddedRoot: "/opt/spack", paddedLength: 128, packages: PACKAGES },
    ]);
    const ways = (way: string) => first.packages.filter(({ read }) => read.way === way).length;
    expect([ways("ends"), ways("start")]).toEqual([PACKAGES / 2, PACKAGES / 2]);
    // Tags and index; a manifest for each package; the start and end of its layer.
    expect(registry.count("GET", /tags\/list/)).toBe(PAGES);
    expect(registry.count("GET", /manifests/)).toBe(1 + PACKAGES);
    expect(registry.count("GET", /blobs/)).toBe(1 + 2 * PACKAGES);
    expect(registry.requests).toHaveLength(PAGES + 2 + 3 * PACKAGES);
    expect(first.layers).toEqual({ requests: 2 * PACKAGES, bytes: PACKAGES * (START + END) });

    const again = await audit();
    expect(again.packages.map(({ root, projection }) => [root, projection])).toEqual(
      first.packages.map(({ root, projection }) => [root, projection]),
    );
    expect(again.layers).toEqual({ requests: 0, bytes: 0 });
    expect(registry.count("GET", /blobs/)).toBe(0);
    expect(registry.requests).toHaveLength(PAGES + 1 + PACKAGES);
  }, 120_000);
});

describe("the buildcache that Spack wrote", () => {
  beforeEach(async () => {
    mirror = await startMirror();
  });

  it("is read with one request per small layer, and two for the large one", async () => {
    const { packages, roots, findings, layers } = await audit();
    expect(roots).toMatchObject([{ paddedLength: 128, packages: 20 }]);
    expect(findings).toEqual([]);
    for (const each of packages) {
      expect(each.projection).toBe(DEFAULT_PROJECTION);
      expect(each.spackVersion).toMatch(/^1\.2\.0\.dev0 /);
      const large = each.name === "gcc-runtime";
      expect(each.read).toMatchObject({ way: large ? "start" : "whole", requests: large ? 2 : 1 });
      expect(each.rootFrom).toBe(large ? "prefix" : "binary_distribution");
    }
    expect(layers.requests).toBe(21);
    expect(mirror.registry.count("GET", /blobs/)).toBe(21 + 1);
    expect(mirror.registry.requests).toHaveLength(2 + 20 + 21 + 1);
    await audit();
    expect(mirror.registry.requests).toHaveLength(2 + 20);
  });

  it("is read to the end of each layer with --deep, even after an audit without it", async () => {
    await audit();
    const { packages } = await audit("--deep");
    expect(new Set(packages.map(({ rootFrom }) => rootFrom))).toEqual(new Set(["binary_distribution"]));
    expect(packages.filter(({ read }) => read.way !== "kept")).toMatchObject([
      { name: "gcc-runtime", read: { way: "stream", requests: 3 } },
    ]);
    const again = await audit("--deep");
    expect(again.layers.requests).toBe(0);
  });

  it("is audited through the configs without an index", async () => {
    mirror.repository.tags.delete("index.spack");
    const { roots } = await audit();
    expect(roots).toMatchObject([{ packages: 20 }]);
    expect(mirror.registry.count("GET", /blobs/)).toBe(20 + 21);
  });

  it("is audited despite a broken index, with a warning", async () => {
    const digest = mirror.repository.putManifest(
      "application/vnd.oci.image.manifest.v1+json",
      Buffer.from("{}"),
      "index.spack",
    );
    const run = await spackOci(["audit", mirror.mirror], environment());
    expect(run).toMatchObject({ status: 0 });
    expect(run.stderr).toContain("warning: The package index cannot be used");
    expect(run.stdout).toContain("Audited 20 packages under 1 root;");
    expect(digest).toMatch(/^sha256:/);
  });

  it("is described", async () => {
    const { stdout } = await spackOci(["audit", `oci-layout:${fixture("oci-layout-main")}`]);
    expect(stdout).toContain("/tmp/spackA/opt/[padded-to-128-chars]/ (20 packages)\n");
    expect(stdout).toContain(`  margo-lite@0.18.3/cd2e4nf  ${DEFAULT_PROJECTION}  Spack 1.2.0.dev0\n`);
    expect(stdout).toMatch(
      /Audited 20 packages under 1 root; read 257 kB of layers in 21 requests \(19 whole, 1 from the start\)\.\n$/,
    );
  });
});

describe("a registry", () => {
  beforeEach(async () => {
    mirror = await startEmptyMirror();
    await fill(mirror.repository, [bulky("one"), bulky("other", { compressedBy: "spack" })]);
  });

  it("that ignores ranges is asked for one once, and layers are closed when they have revealed enough", async () => {
    const whole = (question: { headers: Record<string, string | undefined>; url: URL }) =>
      question.headers["range"] !== undefined;
    mirror.registry.fault({
      when: whole,
      times: ALWAYS,
      rewrite: (_answer, { url }) =>
        content(
          200,
          mirror.repository.blobs.get(url.pathname.split("/").at(-1) ?? "") ?? Buffer.alloc(0),
          {},
        ),
    });
    const { packages } = await audit("-j", "1");
    expect(packages.map(({ read, root }) => [read.way, read.requests, root])).toEqual([
      ["start", 1, "/opt/spack"],
      ["start", 1, "/opt/spack"],
    ]);
    expect(mirror.registry.requests.filter(({ headers }) => headers["range"] !== undefined)).toHaveLength(1);
  });

  it("that redirects to its storage gets the same ranges there", async () => {
    const { registry, repository } = mirror;
    registry.fault({
      method: "GET",
      when: ({ url, headers }) => url.pathname.includes("/blobs/") && headers["range"] !== undefined,
      times: ALWAYS,
      rewrite: (_answer, { url }) =>
        answer(307, { location: `${registry.origin}/storage/${url.pathname.split("/").at(-1)}` }),
    });
    for (const [digest, bytes] of repository.blobs) {
      registry.routes.set(`/storage/${digest}`, ({ headers }) => {
        const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers["range"] ?? "") ?? [];
        const part = bytes.subarray(Number(start), Number(end) + 1);
        return content(206, part, { "content-range": `bytes ${start}-${end}/${bytes.length}` });
      });
    }
    const { packages } = await audit();
    expect(packages.map(({ read }) => read.way)).toEqual(["ends", "start"]);
    expect(registry.count("GET", /^\/storage/)).toBe(4);
  });
});

describe("faults of single packages", () => {
  beforeEach(async () => {
    mirror = await startMirror();
  });

  it("are reported with their tags, and do not stop the others", async () => {
    const { registry, repository } = mirror;
    const [silent, lost] = [tagIn(repository, "tricky-names"), tagIn(repository, "json-c-lite")];
    registry.fault({ path: new RegExp(`manifests/${silent}`), status: 503, times: ALWAYS });
    repository.blobs.delete(ownLayerIn(repository, lost));
    const run = await spackOci(["audit", mirror.mirror, "--json"], environment());
    expect(run.status).toBe(5);
    const { packages, unread } = run.json<AuditJson>();
    expect(packages).toHaveLength(18);
    expect(unread).toMatchObject([
      { tag: lost, kind: "missing-blob", severity: "error" },
      { tag: silent, kind: "unreadable", severity: "unknown" },
    ]);
  });

  it("exit with 6 if something could not be read, and if tags cannot be listed", async () => {
    const tag = tagIn(mirror.repository, "tricky-names");
    mirror.registry.fault({ path: new RegExp(`manifests/${tag}`), status: 403, times: ALWAYS });
    expect(await spackOci(["audit", mirror.mirror], environment())).toMatchObject({ status: 6 });
    mirror.registry.fault({ path: /tags\/list/, status: 503, times: ALWAYS });
    expect(await spackOci(["audit", mirror.mirror], environment())).toMatchObject({ status: 6, stdout: "" });
  });
});

describe("incompatible roots", () => {
  beforeEach(async () => {
    mirror = await startEmptyMirror();
  });

  it("are reported with their consequences", async () => {
    await fill(mirror.repository, [
      { name: "padded", root: PADDED },
      { name: "short", files: { "bin/short": "\x7fELF and more" }, dependencies: ["padded"] },
      { name: "textual", dependencies: ["short"] },
    ]);
    const { roots, findings } = await audit();
    expect(roots.map(({ root, packages }) => [root, packages])).toEqual([
      ["/opt/spack", 2],
      [PADDED, 1],
    ]);
    expect(findings).toMatchObject([
      {
        kind: "mixed-roots",
        packages: 1,
        what: expect.stringContaining("1 package runs with packages below"),
      },
      {
        kind: "short-root",
        root: "/opt/spack",
        packages: 1,
        what: expect.stringMatching(/^short@1\/\w{7} cannot be pulled into roots longer than 10 characters/),
      },
    ]);
    const { stdout } = await spackOci(["audit", mirror.mirror], environment());
    expect(stdout).toContain(
      "warning (mixed-roots): the packages were packed below 2 roots: /opt/spack/ (2), ",
    );
    expect(stdout).toContain("/opt/spack/[padded-to-128-chars]/ (1)");
  });

  it("are found with projections other than Spack's", async () => {
    await fill(mirror.repository, [
      bulky("entered", { prefix: "/opt/spack/gcc/entered/1/flat" }),
      bulky("streamed", { prefix: "/opt/spack/gcc/streamed/1/flat", compressedBy: "spack" }),
      { name: "elsewhere", prefix: "/else/where/elsewhere" },
    ]);
    const { packages, findings } = await audit();
    expect(packages.map(({ root, projection, read }) => [root, projection, read.way])).toEqual([
      [null, null, "whole"],
      ["/opt/spack", "gcc/{name}/{version}/flat", "ends"],
      ["/opt/spack", "gcc/{name}/{version}/flat", "stream"],
    ]);
    expect(findings.map(({ kind, packages: count }) => [kind, count])).toEqual([["unknown-root", 1]]);
  });
});
