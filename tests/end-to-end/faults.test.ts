// Faults during a pull and a push: nothing incomplete is ever visible, and everything that can succeed does.

import { existsSync, readdirSync, rmSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { type RunOptions, SHORT_WAITS, spackOci } from "../support/command-line.js";
import type { PrefixDescription } from "../support/describe-prefix.js";
import {
  manifestIn,
  ownLayerIn,
  packageTagsIn,
  startEmptyMirror,
  startMirror,
  type TestMirror,
  tagIn,
} from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { describeInstalled, describeStore, leftovers, prefixNames } from "../support/store-tree.js";
import type { Fault } from "../support/test-registry/faults.js";
import type { StoredRepository } from "../support/test-registry/storage.js";

interface ResultJson {
  readonly planned: readonly { name: string }[];
  readonly failed: readonly { name: string; error: { code: string } }[];
  readonly skipped: readonly { name: string; because: { name: string } }[];
}

/** Thallium and its dependencies: seven packages. */
const SPEC = "thallium-lite";
const PACKAGES = 7;
/** A dependency of one of them that depends only on the compiler's runtime. */
const VICTIM = "libfabric-lite-1.22.0";
const VICTIMS_DEPENDENTS = ["margo-lite", "mercury-lite", "thallium-lite"];

/**
 * The number of requests but for configs that were sent, which a pull reads only if a package does not fit into memory,
 * or while the machine is busy.
 */
function requestsTo({ repository, registry }: TestMirror): number {
  const configs = packageTagsIn(repository).map((tag) => manifestIn(repository, tag).config.digest);
  const isConfig = (path: string) => configs.some((digest) => path.endsWith(digest));
  return registry.requests.filter(({ path, status }) => status >= 400 || !isConfig(path)).length;
}

/** Everything found incomplete at its final place. */
const halfWritten: string[] = [];
beforeEach(() => void halfWritten.splice(0));
afterEach(() => expect(halfWritten).toEqual([]));

const ALWAYS = Number.POSITIVE_INFINITY;
const LAYER = /\/blobs\/sha256/;
const users = { me: "secret" };
const environment = { HOME: "/nonexistent", SPACK_OCI_USERNAME: "me", SPACK_OCI_PASSWORD: "secret" };

describe("pull", () => {
  const root = `${scratchDirectory("faults-pull")}/opt`;
  let whole: Map<string, PrefixDescription>;
  let undisturbed: number;
  let mirror: TestMirror;
  let watching: NodeJS.Timeout | undefined;

  beforeAll(async () => {
    mirror = await startMirror();
    expect(await pull(mirror)).toMatchObject({ status: 0 });
    whole = describeStore(root);
    expect(whole.size).toBe(PACKAGES);
    undisturbed = requestsTo(mirror);
    await mirror.registry.close();
  });

  beforeEach(async () => {
    rmSync(root, { recursive: true, force: true });
    mirror = await startMirror();
    watchPrefixes(mirror);
  });
  afterEach(async () => {
    clearInterval(watching);
    await mirror.registry.close();
  });

  function pull({ mirror: name }: TestMirror, ...args: string[]) {
    return spackOci(["pull", name, SPEC, "--root", root, "--json", ...args], { environment });
  }

  /** On each request, and continuously, checks that every new prefix is complete. */
  function watchPrefixes({ registry }: TestMirror): void {
    const seen = new Set<string>();
    const look = () => {
      for (const name of prefixNames(root).filter((candidate) => !seen.has(candidate))) {
        seen.add(name);
        if (!isDeepStrictEqual(describeInstalled(root, name), whole.get(name))) halfWritten.push(name);
      }
      return false;
    };
    registry.fault({ when: look });
    clearInterval(watching);
    watching = setInterval(look, 3);
  }

  const blob = (name: string) => new RegExp(ownLayerIn(mirror.repository, tagIn(mirror.repository, name)));
  /** A blob of more than 800 kB. */
  const large = () => blob("gcc-runtime");

  const passing: [string, () => Fault, number][] = [
    ["a cut connection before the answer", () => ({ path: LAYER, after: 3, loseAnswer: true }), 1],
    ["a connection cut in the middle of a blob", () => ({ path: large(), cutAfter: 300_000 }), 1],
    ["a blob that ends too early", () => ({ path: large(), truncateTo: 300_000 }), 1],
    ["a connection cut again and again", () => ({ path: large(), cutAfter: 100_000, times: 4 }), 4],
    ["a 429 that says when to come back", () => limited(LAYER), 1],
    ["several 429", () => ({ path: LAYER, status: 429, times: 4 }), 4],
    ["a 500 for a blob", () => ({ path: LAYER, after: 4, status: 500, times: 2 }), 2],
    ["a 500 for the index", () => ({ path: /manifests\/index/, status: 500 }), 1],
    ["a 503 for a manifest", () => ({ path: /manifests\/margo/, status: 503, times: 2 }), 2],
    ["a lost answer for a manifest", () => ({ path: /manifests\/margo/, loseAnswer: true }), 1],
    ["an answer that is late", () => ({ path: large(), delay: 300 }), 0],
  ];

  it.each(passing)("survives %s", async (_what, fault, more) => {
    const { hits } = { hits: mirror.registry.fault(fault()) };
    const run = await pull(mirror);
    expect(hits.hits).toBeGreaterThan(0);
    expect(run).toMatchObject({ status: 0 });
    expect(describeStore(root)).toEqual(whole);
    expect(leftovers(root)).toEqual([]);
    expect(requestsTo(mirror)).toBe(undisturbed + more);
  });

  it("resumes a broken download instead of starting over", async () => {
    mirror.registry.fault({ path: large(), cutAfter: 300_000 });
    await pull(mirror);
    const ranges = mirror.registry.requests.flatMap(({ headers }) => headers["range"] ?? []);
    expect(ranges).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  it("requests a new token if the old one is rejected halfway", async () => {
    await mirror.registry.close();
    mirror = await startMirror({ auth: { kind: "bearer", users } });
    watchPrefixes(mirror);
    let revoked = 0;
    const revoke = () => {
      revoked += 1;
      mirror.registry.guard.revokeAll();
      return false;
    };
    mirror.registry.fault({ path: large(), when: () => revoked === 0 && revoke() });
    expect(await pull(mirror)).toMatchObject({ status: 0 });
    expect(revoked).toBe(1);
    expect(describeStore(root)).toEqual(whole);
    expect(mirror.registry.count("GET", /^\/token/)).toBe(2);
  });

  const lasting: [string, () => Fault, number, string][] = [
    ["a corrupt blob", () => ({ path: blob(VICTIM), corruptAt: 2000, times: ALWAYS }), 5, "ERR_OCI_CORRUPT"],
    [
      "a corrupt first byte",
      () => ({ path: blob(VICTIM), corruptAt: 0, times: ALWAYS }),
      5,
      "ERR_OCI_CORRUPT",
    ],
    ["a missing blob", () => ({ path: blob(VICTIM), status: 404, times: ALWAYS }), 3, "ERR_OCI_NOT_FOUND"],
    [
      "a blob that always breaks",
      () => ({ path: blob(VICTIM), cutAfter: 0, times: ALWAYS }),
      6,
      "ERR_OCI_UNREACHABLE",
    ],
    ["a manifest that always fails", () => manifestOf(VICTIM, 500), 6, "ERR_OCI_UNREACHABLE"],
    ["a manifest that is gone", () => manifestOf(VICTIM, 404), 3, "ERR_OCI_NOT_FOUND"],
    [
      "a blob that is denied",
      () => ({ path: blob(VICTIM), status: 403, times: ALWAYS }),
      4,
      "ERR_OCI_DENIED",
    ],
    [
      "a rate-limited blob",
      () => ({ path: blob(VICTIM), status: 429, times: ALWAYS }),
      6,
      "ERR_OCI_RATE_LIMITED",
    ],
  ];

  it.each(lasting)(
    "installs everything else despite %s, and the next run the rest",
    async (_what, fault, status, code) => {
      mirror.registry.fault(fault());
      const run = await pull(mirror);
      expect(run.status).toBe(status);
      const { failed, skipped } = run.json<ResultJson>();
      expect(failed).toMatchObject([{ name: "libfabric-lite", error: { code } }]);
      expect(skipped.map(({ name }) => name).sort()).toEqual(VICTIMS_DEPENDENTS);
      const rest = [...whole].filter(
        ([name]) => ![VICTIM, ...VICTIMS_DEPENDENTS].some((start) => name.startsWith(start)),
      );
      expect(describeStore(root)).toEqual(new Map(rest));
      expect(leftovers(root)).toEqual([]);
      mirror.registry.reset();
      expect(await pull(mirror)).toMatchObject({ status: 0 });
      expect(describeStore(root)).toEqual(whole);
      // Only missing packages are fetched.
      expect(mirror.registry.count("GET", LAYER)).toBeLessThanOrEqual(2 * 4 + 1);
    },
  );

  it("plans a dry run without fetching packages or touching the disk", async () => {
    const run = await pull(mirror, "--dry-run");
    expect(run.json<ResultJson>().planned).toHaveLength(PACKAGES);
    expect(existsSync(root)).toBe(false);
    expect(mirror.registry.requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
  });

  it("finds a package that is not in the index yet, and its dependencies", async () => {
    const { repository } = mirror;
    const tags = new Map(repository.tags);
    for (const start of ["thallium-lite", VICTIM]) repository.tags.delete(tagIn(repository, start));
    expect(await spackOci(["update-index", mirror.mirror])).toMatchObject({ status: 0 });
    for (const [tag, digest] of tags) if (tag !== "index.spack") repository.tags.set(tag, digest);
    const run = await pull(mirror);
    expect(run).toMatchObject({ status: 0 });
    expect(run.stderr).toContain("does not list thallium-lite");
    expect(describeStore(root)).toEqual(whole);
  });
});

describe("push", () => {
  const store = extractSampleStore();
  const scratch = scratchDirectory("faults-push");
  let whole: ReadonlyMap<string, string>;
  let undisturbed: number;
  let mirror: TestMirror;

  beforeAll(async () => {
    mirror = await startEmptyMirror();
    expect(await push(mirror)).toMatchObject({ status: 0 });
    whole = contentOf(mirror.repository);
    undisturbed = mirror.registry.requests.length;
    expect(packageTagsIn(mirror.repository)).toHaveLength(PACKAGES);
    await mirror.registry.close();
  });

  beforeEach(async () => {
    mirror = await startEmptyMirror();
    watchTags(mirror);
  });
  afterEach(async () => {
    await mirror.registry.close();
    expect(readdirSync(scratch)).toEqual([]);
  });

  function push(to: TestMirror, ...args: string[]) {
    return pushWith({}, to, ...args);
  }

  function pushWith(options: RunOptions, { mirror: name }: TestMirror, ...args: string[]) {
    const command = ["push", name, SPEC, "--without-build-dependencies", "--update-index", "--json"];
    const fixed = { ...environment, SOURCE_DATE_EPOCH: "1700000000", TMPDIR: scratch };
    return spackOci([...command, "--store", store, ...args], { environment: fixed, ...options });
  }

  /** On each request, checks that everything every tag refers to exists. */
  function watchTags({ registry, repository }: TestMirror): void {
    const look = () => {
      halfWritten.push(...brokenTags(repository));
      return false;
    };
    registry.fault({ when: look });
  }

  const upload = /\/blobs\/uploads\//;
  const large = (question: { body: Buffer; headers: Readonly<Record<string, string | undefined>> }) =>
    Number(question.headers["content-length"] ?? 0) > 100_000;

  const passing: [string, Fault][] = [
    ["a cut connection", { method: "PUT", path: upload, after: 2, loseAnswer: true }],
    ["a request that is cut", { method: "PUT", path: upload, when: large, cutRequestAfter: 50_000 }],
    ["a lost answer to a whole upload", { method: "PUT", path: upload, when: large, loseAnswer: true }],
    ["a lost answer to a manifest", { method: "PUT", path: /manifests\/margo/, loseAnswer: true }],
    ["a lost answer to the index", { method: "PUT", path: /manifests\/index/, loseAnswer: true }],
    ["a 429 that says when to come back", { ...limited(upload), method: "PUT" }],
    ["several 429", { path: upload, status: 429, after: 3, times: 4 }],
    ["a 500 for an upload", { method: "PUT", path: upload, after: 4, status: 500, times: 2 }],
    ["a 500 for a session", { method: "POST", path: upload, after: 4, status: 500, times: 2 }],
    ["a 500 for a manifest", { method: "PUT", path: /manifests\/margo/, status: 500, times: 2 }],
    ["a session that is forgotten", { method: "PUT", path: upload, after: 2, status: 404 }],
    ["a 503 for the tags", { path: /tags\/list/, status: 503 }],
    ["a 500 for a look", { method: "HEAD", after: 1, status: 500 }],
  ];

  it.each(passing)("survives %s", async (_what, fault) => {
    const { hits } = { hits: mirror.registry.fault(fault) };
    const run = await push(mirror);
    expect(hits.hits).toBeGreaterThan(0);
    expect(run).toMatchObject({ status: 0 });
    expect(contentOf(mirror.repository)).toEqual(whole);
    // A new session takes a request to open it, a lookup of the blob, and the bytes again.
    expect(mirror.registry.requests.length).toBeLessThanOrEqual(undisturbed + 4 * (fault.times ?? 1));
  });

  it("requests a new token if the old one is rejected halfway", async () => {
    await mirror.registry.close();
    mirror = await startEmptyMirror({ auth: { kind: "bearer", users } });
    let revoked = false;
    const revoke = () => {
      if (revoked) return false;
      revoked = true;
      mirror.registry.guard.revokeAll();
      return false;
    };
    mirror.registry.fault({ method: "PUT", path: upload, when: (question) => large(question) && revoke() });
    expect(await push(mirror)).toMatchObject({ status: 0 });
    expect(revoked).toBe(true);
    expect(contentOf(mirror.repository)).toEqual(whole);
  });

  const victim = new RegExp(`manifests/${VICTIM}`);
  const lasting: [string, () => Fault, number, string][] = [
    [
      "an image that always fails",
      () => ({ method: "PUT", path: victim, status: 500, times: ALWAYS }),
      6,
      "ERR_OCI_UNREACHABLE",
    ],
    [
      "an image that is denied",
      () => ({ method: "PUT", path: victim, status: 403, times: ALWAYS }),
      4,
      "ERR_OCI_DENIED",
    ],
    [
      "an image whose repository is missing",
      () => ({ method: "PUT", path: victim, status: 404, times: ALWAYS }),
      3,
      "ERR_OCI_NOT_FOUND",
    ],
    [
      "a rate-limited image",
      () => ({ method: "PUT", path: victim, status: 429, times: ALWAYS }),
      6,
      "ERR_OCI_RATE_LIMITED",
    ],
    [
      "an image without answers",
      () => ({ method: "PUT", path: victim, cutRequestAfter: 1, times: ALWAYS }),
      6,
      "ERR_OCI_UNREACHABLE",
    ],
  ];

  it.each(lasting)(
    "pushes everything else despite %s, and the next runs the rest",
    async (_what, fault, status, code) => {
      mirror.registry.fault(fault());
      const run = await pushWith({ mirrors: SHORT_WAITS }, mirror);
      expect(run.status).toBe(status);
      const { failed, skipped } = run.json<ResultJson>();
      expect(failed).toMatchObject([{ name: "libfabric-lite", error: { code } }]);
      expect(skipped).toEqual([]);
      expect(packageTagsIn(mirror.repository)).toHaveLength(PACKAGES - 1);
      expect(brokenTags(mirror.repository)).toEqual([]);
      // The layer was sent, so the images of dependents are whole.
      expect(run.stderr).not.toContain("lack the layer");
      const firstIndex = manifestIn(mirror.repository, "index.spack").layers[0]?.digest ?? "";
      mirror.registry.reset();
      expect(await push(mirror)).toMatchObject({ status: 0 });
      mirror.repository.blobs.delete(firstIndex);
      expect(contentOf(mirror.repository)).toEqual(whole);
    },
  );

  it("fails for each package if no upload succeeds, and writes no tag", async () => {
    mirror.registry.fault({
      method: "PUT",
      path: upload,
      status: 400,
      body: '{"errors":[{"code":"DIGEST_INVALID"}]}',
      times: ALWAYS,
    });
    const run = await push(mirror);
    expect(run.status).toBe(5);
    expect(packageTagsIn(mirror.repository)).toEqual([]);
  });

  it("reports the packages if only the index fails", async () => {
    mirror.registry.fault({ method: "PUT", path: /manifests\/index/, status: 500, times: ALWAYS });
    const run = await push(mirror);
    expect(run.status).toBe(6);
    expect(run.json()).toMatchObject({
      pushed: { length: PACKAGES },
      index: { outcome: "failed", error: { code: "ERR_OCI_UNREACHABLE" } },
    });
    expect(packageTagsIn(mirror.repository)).toHaveLength(PACKAGES);
    mirror.registry.reset();
    expect(await push(mirror)).toMatchObject({ status: 0 });
    expect(contentOf(mirror.repository)).toEqual(whole);
  });

  it("plans a dry run with read requests only", async () => {
    const run = await push(mirror, "--dry-run");
    expect(run).toMatchObject({ status: 0 });
    expect(run.json<ResultJson>().planned).toHaveLength(PACKAGES);
    // The existing tags, and the buildcache's install tree.
    expect(mirror.registry.requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
  });
});

describe("update-index", () => {
  it("keeps what it cannot read, and reports it", async () => {
    const { registry, repository, mirror } = await startMirror();
    const good = repository.tags.get("index.spack");
    const tag = tagIn(repository, "margo-lite");
    registry.fault({ path: /manifests\/margo-lite/, status: 500, times: ALWAYS });
    const run = await spackOci(["update-index", mirror, "--rebuild"]);
    expect(run.status).toBe(6);
    expect(run.stderr).toContain(`${tag} could not be read (its index entry is kept)`);
    expect(repository.tags.get("index.spack")).toBe(good);
    await registry.close();
  });

  it("leaves the index alone if nothing can be read", async () => {
    const { registry, repository, mirror } = await startMirror();
    const good = repository.tags.get("index.spack");
    registry.fault({ path: /manifests\/.*-/, status: 500, times: ALWAYS });
    expect(await spackOci(["update-index", mirror, "--rebuild"])).toMatchObject({ status: 6 });
    expect(repository.tags.get("index.spack")).toBe(good);
    await registry.close();
  });

  it("leaves out what is not a package, and reports it", async () => {
    const { registry, repository, mirror } = await startMirror();
    repository.tags.set("foreign-1-abc.spack", repository.tags.get("index.spack") ?? "");
    repository.blobs.delete(manifestIn(repository, tagIn(repository, "thallium-lite")).config.digest);
    const run = await spackOci(["update-index", mirror, "--rebuild", "--json"]);
    expect(run.status).toBe(1);
    expect(run.json()).toMatchObject({
      outcome: "written",
      specs: 19,
      skipped: [
        { tag: "foreign-1-abc.spack", error: { code: "ERR_NOT_A_PACKAGE" } },
        { tag: expect.stringMatching(/^thallium-lite/), error: { code: "ERR_OCI_NOT_FOUND" } },
      ],
    });
    await registry.close();
  });

  it("writes nothing in a dry run", async () => {
    const { registry, repository, mirror } = await startMirror();
    repository.tags.delete(tagIn(repository, "thallium-lite"));
    const run = await spackOci(["update-index", mirror, "--dry-run"]);
    expect(run).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Would write the index with 19/) });
    expect(registry.requests.filter(({ method }) => !["GET", "HEAD"].includes(method))).toEqual([]);
    await registry.close();
  });
});

function limited(path: RegExp): Fault {
  return { path, after: 2, status: 429, headers: { "retry-after": "1" } };
}

function manifestOf(start: string, status: number): Fault {
  return { path: new RegExp(`manifests/${start}`), status, times: ALWAYS };
}

/** Digests by tag, and the digests of all blobs. */
function contentOf({ tags, blobs }: StoredRepository): ReadonlyMap<string, string> {
  return new Map([...tags, ...[...blobs.keys()].map((digest): [string, string] => [digest, "blob"])].sort());
}

/** Tags that refer to something that does not exist. */
function brokenTags(repository: StoredRepository): string[] {
  return [...repository.tags.keys()].filter((tag) => {
    const { config, layers } = manifestIn(repository, tag);
    return [config, ...layers].some(({ digest }) => !repository.blobs.has(digest));
  });
}
