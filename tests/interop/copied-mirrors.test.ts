// Skopeo can read a copied buildcache, and copies a tag to the same digests as spack-oci does.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { type RunningRegistry, registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { tagDigests } from "../support/tag-digests.js";
import { describeWithTools, output } from "./support/tool.js";

const TAG = "thallium-lite-0.14.0-2jgoj6ppsq6lzizkaswlttajqsu7olru.spack";
const HASH = `/${TAG.slice(-38, -6)}`;
const original = `oci-layout:${fixture("oci-layout-main")}`;
const directory = scratchDirectory("copied-mirrors");

describeWithTools("skopeo")("skopeo, with a copied buildcache", () => {
  let registry: RunningRegistry;
  const [[, start]] = registries as [(typeof registries)[number]];
  const image = () => `docker://${registry.host}/ours/cache:${TAG}`;

  beforeAll(async () => {
    registry = await start();
    const mirror = registry.location("ours/cache");
    expect(await spackOci(["copy", original, mirror])).toMatchObject({ status: 0 });
  });
  afterAll(() => registry.stop());

  it("lists its tags, and inspects one with the same digest as in the source", async () => {
    const digests = await tagDigests(original);
    const listed = await output(
      "skopeo",
      "list-tags",
      "--tls-verify=false",
      `docker://${registry.host}/ours/cache`,
    );
    const tags = [...Object.keys(digests), "index.spack"].sort();
    expect((JSON.parse(listed) as { Tags: string[] }).Tags.sort()).toEqual(tags);
    const inspected = await output("skopeo", "inspect", "--tls-verify=false", image());
    expect(JSON.parse(inspected)).toMatchObject({ Digest: digests[TAG] });
  });

  it("copies a tag to the same blobs as a copy of the same package", async () => {
    const [theirs, ours] = [join(directory, "theirs"), join(directory, "ours")];
    const insecure = ["--insecure-policy", "copy", "--all", "--preserve-digests", "--src-tls-verify=false"];
    await output("skopeo", ...insecure, image(), `oci:${theirs}:${TAG}`);
    const mirror = registry.location("ours/cache");
    const copy = await spackOci(["copy", mirror, `oci-layout:${ours}`, "--only", "package", HASH]);
    expect(copy).toMatchObject({ status: 0 });
    expect(await tagDigests(`oci-layout:${theirs}`)).toEqual(await tagDigests(`oci-layout:${ours}`));
    const blobs = (path: string) => readdirSync(join(path, "blobs", "sha256"));
    expect(blobs(ours)).toEqual(expect.arrayContaining(blobs(theirs)));
    // Only our copy has the index, its config and its manifest.
    expect(blobs(ours)).toHaveLength(blobs(theirs).length + 3);
  });
});
