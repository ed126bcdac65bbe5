// A layer in memory is written only if it is that of the expected package.

import { hash as hashOf } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { packagePermissions } from "@spack-oci/spack-store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fixture } from "../../../../tests/support/fixtures.js";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { readBlob, readLayout } from "../../../../tests/support/spack-fixtures.js";
import { type WriteTask, writePackage } from "../../src/prefix-writing/write-package.js";

const LAYOUT = "spack-1.2/oci-layout-main";
const place = "oci://host/cache:tag";

/** The package with this name: its layer and its config. */
function packageNamed(name: string) {
  for (const [, { config, layers }] of readLayout(LAYOUT)) {
    const { spec, rootfs } = JSON.parse(readBlob(LAYOUT, config.digest));
    if (spec?.nodes[0].name !== name) continue;
    const digest = layers.at(-1)?.digest ?? "";
    const layer = readFileSync(join(fixture("oci-layout-main"), "blobs", digest.replace(":", "/")));
    return { layer, hash: spec.nodes[0].hash as string, diffId: rootfs.diff_ids.at(-1) as string };
  }
  throw new Error(`no ${name}`);
}

const task = (staging: string, hash: string, diffId: string): WriteTask => ({
  name: "any",
  hash,
  staging,
  finalPrefix: "/s/p",
  plan: { root: "/s", sbangInstallPath: "/s/bin/sbang", prefixes: new Map() },
  permissions: packagePermissions(),
  dropsRpaths: true,
  fetchSeconds: 0,
  expected: { hash, diffId, place },
});

/** Writes a package whose spec was replaced by another text, padded with spaces, under the diff ID that it then has. */
function writeWithSpec(change: (spec: string) => string, staging: string) {
  const { layer, hash } = packageNamed("json-c-lite");
  const archive = gunzipSync(layer);
  const begin = archive.indexOf('{"spec"');
  expect(begin % 512).toBe(0);
  const end = archive.indexOf(0, begin);
  const text = change(archive.subarray(begin, end).toString());
  expect(text.length).toBeLessThanOrEqual(end - begin);
  archive.fill(" ", begin, end);
  archive.write(text, begin);
  return writePackage(gzipSync(archive), task(staging, hash, sha256(archive)));
}

const sha256 = (bytes: Buffer) => `sha256:${hashOf("sha256", bytes)}`;

let staging: string;
beforeEach(() => {
  staging = join(scratchDirectory("write-package"), "staging");
});

it("finds the digest that the config of the image has", async () => {
  const { layer, hash, diffId } = packageNamed("json-c-lite");
  expect(await writePackage(layer, task(staging, hash, diffId))).toMatchObject({ diffId });
  expect(existsSync(join(staging, ".spack", "spec.json"))).toBe(true);
});

describe("before it writes anything, it rejects", () => {
  afterEach(() => expect(existsSync(staging)).toBe(false));

  it("the layer of another package", async () => {
    const { layer, hash, diffId } = packageNamed("json-c-lite");
    await expect(writePackage(layer, task(staging, "a".repeat(32), diffId))).rejects.toMatchObject({
      code: "ERR_WRONG_PACKAGE",
      kind: "corrupt",
      place,
      message: expect.stringContaining(`is json-c-lite@0.18/${hash}, not /aaaa`),
    });
  });

  it("a layer with another diff ID than its config has", async () => {
    const { layer, hash } = packageNamed("json-c-lite");
    await expect(writePackage(layer, task(staging, hash, sha256(layer)))).rejects.toMatchObject({
      code: "ERR_IMAGE_INCONSISTENT",
      kind: "corrupt",
      place,
    });
  });

  it.each<[string, string, (spec: string) => string]>([
    [
      "a spec with another version under its hash",
      "ERR_DAG_HASH",
      (spec) => spec.replace('"0.18"', '"0.19"'),
    ],
    [
      "a spec with another kind of dependency under its hash",
      "ERR_DAG_HASH",
      (spec) => spec.replace('"deptypes":["build"]', '"deptypes":["run"]'),
    ],
  ])("%s", async (_what, code, change) => {
    await expect(writeWithSpec(change, staging)).rejects.toMatchObject({ code, kind: "corrupt", place });
  });
});

it.each<[string, (spec: string) => string]>([
  ["is not an object", () => "[]"],
  ["is empty", () => "{}"],
  ["is cut off", (spec) => spec.slice(0, -9)],
])("accepts a layer whose spec %s, because its image says whose it is", async (_what, change) => {
  expect(await writeWithSpec(change, staging)).toMatchObject({ buildInfo: { hardlinksDeduped: true } });
});
