// Statements about builds: unsigned by themselves, or whatever a signer makes of them.

import {
  descriptorOf,
  fetchBytes,
  fetchManifest,
  isImageIndex,
  MEDIA_TYPES,
  MemoryTarget,
  referrersOf,
} from "@spack-oci/oci-client";
import { expect, it } from "vitest";
import { attachProvenance, type ProvenanceRequest } from "../../src/build-statement/attach-provenance.js";

const image = descriptorOf(MEDIA_TYPES.ociManifest, Buffer.from("an image"));
const what = { image, tag: "zlib-1.3-abc.spack", signal: undefined };
const request: ProvenanceRequest = {
  build: {
    buildType: "https://example.com/type",
    builder: "https://example.com/builder",
    invocation: "https://example.com/run/1",
    externalParameters: { source: "https://example.com" },
    internalParameters: {},
    dependencies: [{ uri: "git+https://example.com@main", digest: { gitCommit: "abc" } }],
  },
  tool: { name: "spack-oci", version: "1.2.3" },
};

async function attached(target: MemoryTarget, changes: Partial<ProvenanceRequest> = {}) {
  const { digest } = await attachProvenance(target, what, { ...request, ...changes });
  const { manifest } = await fetchManifest(target, digest);
  const layer = isImageIndex(manifest) ? undefined : manifest.layers[0];
  if (layer === undefined) throw new TypeError("an artifact has one layer");
  return { manifest, bytes: await fetchBytes(target, layer, { limit: 10_000 }) };
}

it("attaches a statement about the image's manifest, and marks it as unsigned", async () => {
  const target = new MemoryTarget("cache");
  const { bytes } = await attached(target);
  const [hex = ""] = image.digest.split(":").slice(1);
  expect(JSON.parse(bytes.toString())).toMatchObject({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "memory:cache:zlib-1.3-abc.spack", digest: { sha256: hex } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://example.com/type",
        resolvedDependencies: [{ digest: { gitCommit: "abc" } }],
      },
      runDetails: {
        builder: { id: "https://example.com/builder" },
        metadata: { invocationId: "https://example.com/run/1" },
      },
    },
  });
  expect(await referrersOf(target, image.digest)).toMatchObject([
    { artifactType: "application/vnd.in-toto+json", annotations: { "dev.spack-oci.signed": "false" } },
  ]);
});

it("attaches what the signer returns instead", async () => {
  const target = new MemoryTarget("cache");
  let payload: unknown;
  const { bytes } = await attached(target, {
    sign: async (statement, { payloadType }) => {
      payload = { type: payloadType, text: Buffer.from(statement).toString() };
      return {
        artifactType: "application/x.bundle",
        mediaType: "application/x.bundle",
        bytes: Buffer.from("signed"),
      };
    },
  });
  expect(bytes.toString()).toBe("signed");
  expect(payload).toMatchObject({
    type: "application/vnd.in-toto+json",
    text: expect.stringContaining(image.digest.replace("sha256:", "")),
  });
  const listed = await referrersOf(target, image.digest);
  expect(listed.map(({ artifactType }) => artifactType)).toEqual(["application/x.bundle"]);
});
