// A large layer is sent while it is packed; however the registry reacts, the package arrives and can be pulled.

import { randomFillSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { ownLayerIn, startEmptyMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { type RunningRegistry, registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { findPrefix } from "../support/store-tree.js";
import type { Fault } from "../support/test-registry/faults.js";

const PACKAGE = "json-c-lite";
const root = scratchDirectory("early-upload");
/** Large enough that its layer is sent early. */
const noise = randomFillSync(Buffer.alloc(24 * 2 ** 20));
const uploads = /blobs\/uploads\//;

beforeAll(async () => {
  const layout = `oci-layout:${fixture("oci-layout-main")}`;
  expect(await spackOci(["pull", layout, PACKAGE, "--root", root])).toMatchObject({ status: 0 });
  const share = join(findPrefix(root, PACKAGE), "share");
  mkdirSync(share, { recursive: true });
  writeFileSync(join(share, "noise"), noise);
});

async function push(mirror: string, ...more: readonly string[]): Promise<void> {
  const args = ["push", mirror, PACKAGE, "--store", root, ...more];
  const run = await spackOci(args);
  expect(run, run.stderr).toMatchObject({ status: 0 });
}

async function expectItBack(mirror: string): Promise<void> {
  const other = scratchDirectory("early-upload");
  const run = await spackOci(["pull", mirror, PACKAGE, "--root", other]);
  expect(run, run.stderr).toMatchObject({ status: 0 });
  const file = join(findPrefix(other, PACKAGE), "share/noise");
  expect(readFileSync(file).equals(noise)).toBe(true);
}

describe.each(registries)("%s", (_, start) => {
  let registry: RunningRegistry;
  beforeAll(async () => {
    registry = await start();
  });
  afterAll(() => registry?.stop());

  it.each(["gzip", "zstd"])("receives the package, with %s", async (compression) => {
    const mirror = registry.location(`early/${compression}`);
    await push(mirror, "--compression", compression);
    await expectItBack(mirror);
  });
});

describe("requests to a registry", () => {
  let mirror: TestMirror;
  beforeAll(async () => {
    mirror = await startEmptyMirror();
  });
  afterAll(() => mirror.registry.close());

  /** Requests about the package's layer, not about configs. */
  function layerRequests(): string[] {
    const { registry, repository } = mirror;
    const digest = ownLayerIn(repository, tagIn(repository, PACKAGE));
    return registry.requests
      .filter(
        ({ method, path }) =>
          method === "PATCH" || path.includes(encodeURIComponent(digest)) || path.endsWith(digest),
      )
      .map(({ method }) => method);
  }

  it("send the layer without looking it up, if nothing of the package exists", async () => {
    await push(mirror.mirror);
    expect(layerRequests()).toEqual(["PATCH", "PUT"]);
  });

  it("look the layer up if a package is pushed again", async () => {
    mirror.registry.reset();
    await push(mirror.mirror, "--force");
    expect(layerRequests()).toEqual(["HEAD"]);
  });

  /** Of the requests with a digest, only the one after a PATCH has no body. */
  const isWithoutBytes: Fault["when"] = ({ headers }) => headers["content-length"] === "0";
  const faults: [string, Fault][] = [
    ["rejects PATCH", { method: "PATCH", status: 405 }],
    ["accepts only short PATCHes", { method: "PATCH", status: 416 }],
    ["breaks the connection", { method: "PATCH", cutRequestAfter: 5_000_000 }],
    ["loses half of it", { method: "PATCH", headers: { range: "0-9999999" } }],
    ["rejects its digest", { method: "PUT", path: uploads, when: isWithoutBytes, status: 400 }],
  ];
  it.each(faults)("send it whole to a registry that %s", async (_, fault) => {
    const { registry, repository } = mirror;
    registry.reset();
    repository.tags.clear();
    repository.manifests.clear();
    repository.blobs.clear();
    const struck = registry.fault(fault);
    await push(mirror.mirror);
    expect(struck.hits).toBe(1);
    expect(
      layerRequests()
        .filter((method) => method !== "PATCH")
        .slice(-2),
    ).toEqual(["HEAD", "PUT"]);
    await expectItBack(mirror.mirror);
  });
});
