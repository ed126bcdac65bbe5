// Audits of buildcaches in memory.

import { MemoryTarget } from "@spack-oci/oci-client";
import { beforeEach, expect, it } from "vitest";
import { INDEX_TAG } from "../../../src/package-image/tags.js";
import { audit } from "../../../src/verbs/audit/audit.js";
import { updateIndex } from "../../../src/verbs/update-index/update-index.js";
import { copyImages, fixtureTag, fixtureTags, pushImage } from "../../support/image.js";
import { type RecordedRun, recordedRun } from "../../support/run.js";

let target: MemoryTarget;
let run: RecordedRun;
beforeEach(async () => {
  target = new MemoryTarget("cache");
  run = recordedRun();
  await copyImages(target, await fixtureTags(), true);
});

it("finds the root, padding and Spack version of every package", async () => {
  const { packages, roots, findings, unread } = await audit(target, {}, { run });
  expect(packages.map(({ tag }) => tag)).toEqual(await fixtureTags());
  expect(roots).toEqual([expect.objectContaining({ unpaddedRoot: "/tmp/spackA/opt", paddedLength: 128 })]);
  for (const { spackVersion, place } of packages) {
    expect(spackVersion).toMatch(/^1\.2\.0\.dev0 \([0-9a-f]{40}\)$/);
    expect(place?.projection).toBe("{architecture.platform}-{architecture.target}/{name}-{version}-{hash}");
  }
  expect({ findings, unread }).toEqual({ findings: [], unread: [] });
});

it("is the same with and without an index, and warns if the index is broken", async () => {
  const without = await audit(target, {}, { run });
  await updateIndex(target, {}, { run: recordedRun() });
  const indexed = await audit(target, {}, { run });
  expect(indexed.packages.map(({ tag, place }) => [tag, place?.prefix])).toEqual(
    without.packages.map(({ tag, place }) => [tag, place?.prefix]),
  );
  expect(run.warnings()).toEqual([]);
  await pushImage(target, INDEX_TAG, "{}");
  expect((await audit(target, {}, { run })).packages).toHaveLength(without.packages.length);
  expect(run.warnings()).toEqual([
    expect.stringMatching(/^The package index cannot be used, so every config is read instead: /),
  ]);
});

it("a deep audit reads the build info of every layer", async () => {
  const { packages } = await audit(target, { deep: true }, { run });
  for (const { place, otherPrefixes } of packages) {
    expect(place?.by).toBe("binary_distribution");
    expect(otherPrefixes).toBeDefined();
  }
});

it("reports packages that cannot be read, and audits the others", async () => {
  const broken = `broken-1-${"a".repeat(32)}.spack`;
  await pushImage(target, broken, "{}");
  const lost = await fixtureTag("json-c-lite");
  const { layer } = (await audit(target, {}, { run })).packages.find(({ tag }) => tag === lost) ?? {};
  if (layer !== undefined) await target.delete({ mediaType: "", digest: layer, size: 0 });
  const { packages, unread } = await audit(target, {}, { run });
  expect(unread.map(({ tag, kind }) => [tag, kind])).toEqual([
    [broken, "foreign"],
    [lost, "missing-blob"],
  ]);
  expect(packages).toHaveLength((await fixtureTags()).length - 1);
});
