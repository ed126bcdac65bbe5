// Checks a registry: the requests, the findings, and the exit status.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import {
  manifestIn,
  ownLayerIn,
  packageTagsIn,
  startMirror,
  type TestMirror,
  tagIn,
} from "../support/mirror.js";

interface CheckJson {
  readonly packages: number;
  readonly blobs: number;
  readonly findings: readonly { tag: string; kind: string; severity: string }[];
}

const ALWAYS = Number.POSITIVE_INFINITY;
let mirror: TestMirror;
beforeEach(async () => {
  mirror = await startMirror();
});
afterEach(() => mirror.registry.close());

function check(...args: string[]) {
  return spackOci(["check", mirror.mirror, ...args]);
}

/** Distinct layers of all packages, and of the only other image. */
function layers(): Set<string> {
  const tags = [...packageTagsIn(mirror.repository), "mochi-roots"];
  return new Set(
    tags.flatMap((tag) => manifestIn(mirror.repository, tag).layers.map(({ digest }) => digest)),
  );
}

describe("a sound buildcache", () => {
  it("costs a list, the index, a manifest and a config per package, and one HEAD per layer", async () => {
    const packages = packageTagsIn(mirror.repository).length;
    const run = await check("--json");
    expect(run).toMatchObject({ status: 0 });
    expect(run.json<CheckJson>()).toMatchObject({ packages, findings: [] });
    const { registry } = mirror;
    expect(registry.count("GET", /tags\/list/)).toBe(1);
    // The index and mochi-roots have manifests too; the index is read, but the config of mochi-roots is only looked up.
    expect(registry.count("GET", /manifests/)).toBe(packages + 2);
    expect(registry.count("GET", /blobs/)).toBe(packages + 1);
    expect(registry.count("HEAD", /blobs/)).toBe(layers().size + 1);
    expect(registry.requests).toHaveLength(1 + 2 * (packages + 1) + 1 + layers().size + 1);
  });

  it("is read completely by a deep check, each blob once", async () => {
    const packages = packageTagsIn(mirror.repository).length;
    expect(await check("--deep")).toMatchObject({ status: 0 });
    expect(mirror.registry.count("HEAD")).toBe(0);
    expect(mirror.registry.count("GET", /blobs/)).toBe(packages + 1 + layers().size + 1);
  });

  it("is reported as sound", async () => {
    const { stdout } = await spackOci(["check", `oci-layout:${fixture("oci-layout-main")}`]);
    expect(stdout).toMatch(
      /^Checked 20 packages in 21 tags; looked up 41 blobs \(.*\)\.\nErrors: 0, warnings: 0, unknown: 0\.\n$/,
    );
  });
});

describe("exit status", () => {
  it("is 5 if something is missing, and every finding is listed with a hint", async () => {
    const tag = tagIn(mirror.repository, "tricky-names");
    mirror.repository.blobs.delete(ownLayerIn(mirror.repository, tag));
    const { status, stdout } = await check();
    expect(status).toBe(5);
    expect(stdout).toContain(`error: ${tag} (missing-blob): sha256:`);
    expect(stdout).toContain(`Push the package again with "--force".`);
    expect(stdout).toContain("Errors: 1, warnings: 0");
  });

  it("is 6 without errors if something could not be checked", async () => {
    const tag = tagIn(mirror.repository, "tricky-names");
    mirror.registry.fault({ path: new RegExp(`manifests/${tag}`), status: 503, times: ALWAYS });
    const run = await check("--json");
    expect(run.status).toBe(6);
    expect(run.json<CheckJson>().findings).toMatchObject([{ tag, kind: "unreadable", severity: "unknown" }]);
  });

  it("is 5 if both are true", async () => {
    const [silent, broken] = [
      tagIn(mirror.repository, "tricky-names"),
      tagIn(mirror.repository, "json-c-lite"),
    ];
    mirror.registry.fault({ path: new RegExp(`manifests/${silent}`), status: 403, times: ALWAYS });
    mirror.repository.blobs.delete(manifestIn(mirror.repository, broken).config.digest);
    const run = await check("--json");
    expect(run.status).toBe(5);
    expect(run.json<CheckJson>().findings.map(({ kind }) => kind)).toEqual(["missing-blob", "unreadable"]);
  });

  it("is 0 with only warnings", async () => {
    mirror.repository.tags.delete("index.spack");
    const run = await check("--json");
    expect(run.status).toBe(0);
    expect(run.json<CheckJson>().findings).toMatchObject([{ kind: "not-in-index", severity: "warning" }]);
  });

  it("is 6 if tags cannot be listed", async () => {
    mirror.registry.fault({ path: /tags\/list/, status: 503, times: ALWAYS });
    expect(await check()).toMatchObject({ status: 6, stdout: "" });
  });
});

it("a deep check finds a layer whose bytes were swapped in the registry", async () => {
  const tag = tagIn(mirror.repository, "tricky-names");
  const digest = ownLayerIn(mirror.repository, tag);
  const bytes = Buffer.from(mirror.repository.blobs.get(digest) ?? "");
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  mirror.repository.blobs.set(digest, bytes);
  expect(await check()).toMatchObject({ status: 0 });
  const deep = await check("--deep", "--json");
  expect(deep.status).toBe(5);
  expect(deep.json<CheckJson>().findings).toMatchObject([{ tag, kind: "corrupt" }]);
});

it("a check finds a truncated layer by its size", async () => {
  const tag = tagIn(mirror.repository, "tricky-names");
  const digest = ownLayerIn(mirror.repository, tag);
  mirror.repository.blobs.set(
    digest,
    (mirror.repository.blobs.get(digest) ?? Buffer.alloc(0)).subarray(0, 99),
  );
  const run = await check("--json");
  expect(run.status).toBe(5);
  expect(run.json<CheckJson>().findings).toMatchObject([{ tag, kind: "wrong-size" }]);
});
