// A layer in memory is written only if it is that of the expected package.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { packagePermissions } from "@spack-oci/spack-store";
import { expect, it } from "vitest";
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

const task = (staging: string, hash: string): WriteTask => ({
  name: "any",
  hash,
  staging,
  finalPrefix: "/s/p",
  plan: { root: "/s", sbangInstallPath: "/s/bin/sbang", prefixes: new Map() },
  permissions: packagePermissions(),
  dropsRpaths: true,
  fetchSeconds: 0,
  expected: { hash, place },
});

it("finds the digest that the config of the image has", async () => {
  const { layer, hash, diffId } = packageNamed("json-c-lite");
  const staging = join(scratchDirectory("write-package"), "staging");
  expect(await writePackage(layer, task(staging, hash))).toMatchObject({ diffId });
  expect(existsSync(join(staging, ".spack", "spec.json"))).toBe(true);
});

it("rejects the layer of another package before it writes anything", async () => {
  const { layer, hash } = packageNamed("json-c-lite");
  const staging = join(scratchDirectory("write-wrong-package"), "staging");
  await expect(writePackage(layer, task(staging, "a".repeat(32)))).rejects.toMatchObject({
    code: "ERR_WRONG_PACKAGE",
    kind: "corrupt",
    place,
    message: expect.stringContaining(`is json-c-lite@0.18/${hash}, not /aaaa`),
  });
  expect(existsSync(staging)).toBe(false);
});

it("writes nothing if the layer does not say whose it is", async () => {
  const { layer, hash } = packageNamed("json-c-lite");
  const staging = join(scratchDirectory("write-unnamed-package"), "staging");
  const archive = gunzipSync(layer);
  const content = archive.indexOf('{"spec"');
  expect(content % 512).toBe(0);
  archive.write("[]", content);
  archive.fill(" ", content + 2, archive.indexOf(0, content));
  expect(await writePackage(gzipSync(archive), task(staging, hash))).toBe("unnamed");
  expect(existsSync(staging)).toBe(false);
});
