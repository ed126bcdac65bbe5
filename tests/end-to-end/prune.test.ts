// Prunes buildcaches of every kind: what is deleted, what stays, the requests, and interruptions.

import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout, openTarget } from "@spack-oci/oci-client";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { buildCommand, startCommand } from "../support/command-process.js";
import { copyTarget } from "../support/copy-target.js";
import { fixture } from "../support/fixtures.js";
import { startGithubPackages } from "../support/github-packages.js";
import { packageTagsIn, startMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { distributionProducts, startRegistryProcess } from "../support/registry-process.js";
import { scratchDirectory } from "../support/scratch.js";
import { spackPlace } from "../support/spack-instance.js";

interface PruneJson {
  readonly outcome: string;
  readonly doomed: readonly { tag: string }[];
  readonly kept: readonly { tag: string }[];
  readonly others: readonly string[];
  readonly deleted: readonly string[];
  readonly failed: readonly { tag: string; error: { kind: string } }[];
}

const ALWAYS = Number.POSITIVE_INFINITY;
/** Margo and its link and run dependencies. */
const KEPT = 6;
const scratch = scratchDirectory("prune");
const keepMargo = join(scratch, "keep.txt");
writeFileSync(keepMargo, "# what users have\nmargo-lite\n");

let mirror: TestMirror;
beforeEach(async () => {
  mirror = await startMirror();
});
afterEach(() => mirror.registry.close());

function prune(location: string, ...args: string[]) {
  return spackOci(["prune", location, "--keep-list", keepMargo, ...args]);
}

async function checked(location: string) {
  const run = await spackOci(["check", location, "--deep", "--json"]);
  return { status: run.status, ...run.json<{ packages: number; findings: readonly unknown[] }>() };
}

const sound = { status: 0, packages: KEPT, findings: [] };

describe("a registry", () => {
  it("loses packages that no kept package depends on, and nothing else", async () => {
    const all = packageTagsIn(mirror.repository);
    const run = await prune(mirror.mirror, "--yes", "--json");
    expect(run).toMatchObject({ status: 0 });
    const { outcome, doomed, kept, others, deleted } = run.json<PruneJson>();
    expect({ outcome, others }).toEqual({ outcome: "pruned", others: ["mochi-roots"] });
    expect(deleted).toEqual(doomed.map(({ tag }) => tag));
    expect(kept).toHaveLength(KEPT);
    expect([...deleted, ...kept.map(({ tag }) => tag)].sort()).toEqual(all);
    expect(await checked(mirror.mirror)).toEqual(expect.objectContaining(sound));
    expect(mirror.repository.tags.has("mochi-roots")).toBe(true);
    expect(mirror.repository.manifests.size).toBeLessThanOrEqual(KEPT + 3);
  });

  it("receives requests for the index, each tag's digest once, and a deletion per package", async () => {
    const { registry } = mirror;
    const deletions = packageTagsIn(mirror.repository).length - KEPT;
    const tags = packageTagsIn(mirror.repository).length + 2;
    expect(await prune(mirror.mirror, "--yes")).toMatchObject({ status: 0 });
    // One more tests whether the registry can delete at all.
    expect(registry.count("DELETE")).toBe(deletions + 1);
    expect(registry.count("HEAD", /manifests/)).toBe(tags);
    expect(registry.count("PUT", /manifests/)).toBe(1);
    expect(registry.count("GET", /manifests\/(?!index\.spack)/)).toBe(0);
    expect(registry.count("GET", /tags\/list/)).toBe(5);
  });

  it("has its index written before the first tag is deleted", async () => {
    const { registry } = mirror;
    await prune(mirror.mirror, "--yes");
    const steps = registry.requests.filter(
      ({ method, path, status }) =>
        (method === "DELETE" && status === 202) || (method === "PUT" && path.includes("index.spack")),
    );
    expect(steps[0]?.method).toBe("PUT");
    expect(steps.slice(1).every(({ method }) => method === "DELETE")).toBe(true);
  });

  it("that cannot delete fails the prune before anything is changed", async () => {
    const { registry, repository } = mirror;
    const before = new Map(repository.tags);
    registry.fault({ method: "DELETE", status: 405, times: ALWAYS });
    const run = await prune(mirror.mirror, "--yes");
    expect(run.status).toBe(1);
    expect(run.stderr).toContain("This registry does not support deletion");
    expect(run.stderr).toContain("REGISTRY_STORAGE_DELETE_ENABLED");
    expect(repository.tags).toEqual(before);
    expect(registry.count("PUT") + registry.count("POST")).toBe(0);
  });

  it("that deletes only tags can be pruned too", async () => {
    mirror.registry.fault({ method: "DELETE", path: /sha256/, status: 405, times: ALWAYS });
    expect(await prune(mirror.mirror, "--yes")).toMatchObject({ status: 0 });
    expect(await checked(mirror.mirror)).toEqual(expect.objectContaining(sound));
  });

  it("keeps a manifest with another tag", async () => {
    const tag = tagIn(mirror.repository, "tricky-names");
    const digest = mirror.repository.tags.get(tag) ?? "";
    mirror.repository.tags.set("mine", digest);
    expect(await prune(mirror.mirror, "--yes")).toMatchObject({ status: 0 });
    expect(mirror.repository.tags.get("mine")).toBe(digest);
    expect(mirror.repository.manifests.has(digest)).toBe(true);
    expect(mirror.repository.tags.has(tag)).toBe(false);
  });

  it("regains in its index what could not be deleted", async () => {
    const tag = tagIn(mirror.repository, "tricky-names");
    const digest = mirror.repository.tags.get(tag) ?? "";
    mirror.registry.fault({ method: "DELETE", path: new RegExp(digest), status: 403, times: ALWAYS });
    const run = await prune(mirror.mirror, "--yes", "--json");
    expect(run.status).toBe(4);
    expect(run.json<PruneJson>().failed).toMatchObject([{ tag, error: { kind: "denied" } }]);
    expect(await checked(mirror.mirror)).toEqual(expect.objectContaining({ ...sound, packages: KEPT + 1 }));
  });

  it("has nothing left to prune afterwards, and is not written again", async () => {
    await prune(mirror.mirror, "--yes");
    mirror.registry.reset();
    const run = await prune(mirror.mirror, "--yes", "--json");
    expect(run.json<PruneJson>()).toMatchObject({ outcome: "nothing", doomed: [] });
    expect(mirror.registry.requests.map(({ method }) => method)).toEqual(["GET", "GET", "GET"]);
  });

  it("is left alone if a package that is not in the index cannot be read", async () => {
    const { registry, repository } = mirror;
    const tag = tagIn(repository, "mochi-suite");
    const digest = repository.tags.get(tag) ?? "";
    repository.tags.delete(tag);
    await spackOci(["update-index", mirror.mirror]);
    repository.tags.set(tag, digest);
    registry.fault({ path: new RegExp(tag), status: 503, times: ALWAYS });
    expect(await prune(mirror.mirror, "--yes")).toMatchObject({ status: 6 });
    expect(registry.count("DELETE")).toBe(0);
  });

  it("without an index gets none", async () => {
    mirror.repository.tags.delete("index.spack");
    expect(await prune(mirror.mirror, "--yes")).toMatchObject({ status: 0 });
    expect(mirror.repository.tags.has("index.spack")).toBe(false);
    expect(packageTagsIn(mirror.repository)).toHaveLength(KEPT);
  });
});

describe("confirmation", () => {
  it("is required, and nothing happens without a terminal", async () => {
    const run = await prune(mirror.mirror);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(`Add "--yes"`);
    expect(mirror.registry.count("PUT")).toBe(0);
  });

  it("is requested on a terminal, with everything to delete", async () => {
    const { doomed: toDelete } = (await prune(mirror.mirror, "--dry-run", "--json")).json<PruneJson>();
    const questions: string[] = [];
    const answer = (consent: boolean) =>
      spackOci(["prune", mirror.mirror, "--keep-list", keepMargo], {
        confirm: async (question) => {
          questions.push(question);
          return consent;
        },
      });
    expect(await answer(false)).toMatchObject({ status: 1, stdout: "Nothing was deleted.\n" });
    expect(packageTagsIn(mirror.repository)).toHaveLength(KEPT + toDelete.length);
    for (const { tag } of toDelete) expect(questions[0]).toContain(`${tag}\n`);
    expect(await answer(true)).toMatchObject({ status: 0 });
    expect(packageTagsIn(mirror.repository)).toHaveLength(KEPT);
  });

  it("is not requested by a dry run, which only reads", async () => {
    const run = await prune(mirror.mirror, "--dry-run");
    expect(run.status).toBe(0);
    expect(run.stdout).toContain("would delete tricky-names");
    expect(mirror.registry.requests.every(({ method }) => method === "GET")).toBe(true);
  });
});

describe("what to keep", () => {
  it("is required", async () => {
    const run = await spackOci(["prune", mirror.mirror, "--yes"]);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("Nothing to keep was specified.");
    expect(mirror.registry.count("DELETE")).toBe(0);
  });

  it("may be environments, given by directory", async () => {
    const place = spackPlace();
    const run = await spackOci(
      ["prune", mirror.mirror, "--keep-env", place.environment, "--dry-run", "--json"],
      { environment: place.variables },
    );
    expect(run).toMatchObject({ status: 0 });
    // The environment contains everything except build dependencies.
    const names = run
      .json<PruneJson>()
      .doomed.map(({ tag }) => tag.replace(/-[^-]+-[a-z2-7]{32}\.spack$/, ""));
    expect(names.sort()).toEqual(["build-tool-lite", "compiler-wrapper"]);
  });

  it("may be a list, which must exist", async () => {
    const run = await spackOci(["prune", mirror.mirror, "--keep-list", join(scratch, "absent"), "--yes"]);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(`Cannot read the keep list ${join(scratch, "absent")}.`);
  });

  it("may be an age", async () => {
    const run = await spackOci(["prune", mirror.mirror, "--older-than", "2100-01-01", "--dry-run", "--json"]);
    expect(run.json<PruneJson>().kept).toEqual([]);
    const wrong = await spackOci(["prune", mirror.mirror, "--older-than", "soon"]);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain("Expected an age such as 12h");
  });
});

describe("an image layout", () => {
  it("also loses blobs, but keeps those of other images", async () => {
    const directory = join(scratch, "layout");
    cpSync(fixture("oci-layout-main"), directory, { recursive: true });
    const blobs = () => readdirSync(join(directory, "blobs", "sha256")).length;
    const before = blobs();
    expect(await prune(`oci-layout:${directory}`, "--yes")).toMatchObject({ status: 0 });
    expect(await checked(`oci-layout:${directory}`)).toEqual(expect.objectContaining(sound));
    // Manifests, configs, and layers that mochi-roots does not have.
    expect(before - blobs()).toBeGreaterThan(28);
    const target = new ImageLayout(directory);
    expect(await target.resolve("mochi-roots")).toBeDefined();
  });
});

describe.each(distributionProducts)("%s", (product) => {
  it("is pruned, and a forbidden deletion is noticed first", async () => {
    const layout = new ImageLayout(fixture("oci-layout-main"));
    for (const deletes of [true, false]) {
      const running = await startRegistryProcess(product, { deletes });
      try {
        const location = running.location("mochi/cache");
        await copyTarget(layout, openTarget(location));
        const run = await prune(location, "--yes");
        expect(run.status).toBe(deletes ? 0 : 1);
        if (deletes) expect(await checked(location)).toEqual(expect.objectContaining(sound));
        else expect(run.stderr).toContain("This registry does not support deletion");
      } finally {
        await running.stop();
      }
    }
  });
});
if (distributionProducts.length === 0)
  console.info("skipped: pruning a real registry, because none is on PATH");

describe("GitHub's registry", () => {
  it("is pruned through its API, with the registry's token", async () => {
    const { registry, repository } = mirror;
    registry.fault({ method: "DELETE", status: 405, times: ALWAYS });
    const api = await startGithubPackages({
      owner: "mochi-hpc",
      ownerKind: "orgs",
      name: "buildcache",
      repository,
      token: "ghp_secret",
      scopes: "write:packages, delete:packages",
    });
    try {
      const run = await spackOci(["prune", mirror.mirror, "--keep-list", keepMargo, "--yes"], {
        environment: { HOME: "/nonexistent", SPACK_OCI_USERNAME: "me", SPACK_OCI_PASSWORD: "ghp_secret" },
        mirrors: { retry: { firstWait: 1, maxWait: 10 }, knownHost: () => ({ githubApi: api.origin }) },
      });
      expect(run).toMatchObject({ status: 0 });
      expect(run.stdout + run.stderr).not.toContain("ghp_secret");
      expect(api.requests.filter((request) => request.startsWith("DELETE"))).toHaveLength(14);
      expect(registry.count("DELETE")).toBe(0);
    } finally {
      await api.close();
    }
    expect(await checked(mirror.mirror)).toEqual(expect.objectContaining(sound));
  });
});

describe("a prune that is killed", () => {
  beforeAll(buildCommand);

  it.each([0, 1, 7])("after %i deletions is finished by the next prune", async (deletions) => {
    const args = ["prune", mirror.mirror, "--keep-list", keepMargo, "--yes"];
    const { child, ended } = startCommand(args);
    mirror.registry.fault({
      method: "DELETE",
      path: /sha256/,
      // The first one tests whether the registry can delete.
      after: deletions + 1,
      when: () => true,
      rewrite: (answer) => {
        child.kill("SIGKILL");
        return answer;
      },
    });
    expect(await ended).toMatchObject({ signal: "SIGKILL" });
    const left = packageTagsIn(mirror.repository).length;
    expect(left).toBeGreaterThan(KEPT);
    // Readers see exactly the kept packages.
    const listed = await spackOci(["list", mirror.mirror, "--json"]);
    expect(listed.json<readonly unknown[]>()).toHaveLength(KEPT);
    mirror.registry.reset();
    expect(await spackOci(args)).toMatchObject({ status: 0 });
    expect(await checked(mirror.mirror)).toEqual(expect.objectContaining(sound));
  });
});
