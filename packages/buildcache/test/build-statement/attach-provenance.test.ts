// Statements about builds: unsigned by themselves, or in the bundle of a signer.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROVENANCE_TYPE, provenancePredicate } from "@spack-oci/bill-of-materials";
import {
  descriptorOf,
  fetchBytes,
  fetchManifest,
  isImageIndex,
  MEDIA_TYPES,
  MemoryTarget,
  referrersOf,
} from "@spack-oci/oci-client";
import { verifyClaim } from "@spack-oci/signatures";
import { expect, it } from "vitest";
import { attachProvenance, type ProvenanceRequest } from "../../src/build-statement/attach-provenance.js";
import type { ImageSigner } from "../../src/trust/image-signer.js";
import { testSigner } from "../support/index-signer.js";

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

async function attached(target: MemoryTarget, signer?: ImageSigner) {
  const { digest } = await attachProvenance(target, { ...what, signer }, request);
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

it("attaches it signed, so that others can verify it", async () => {
  const target = new MemoryTarget("cache");
  const signer = await testSigner(mkdtempSync(join(tmpdir(), "provenance-")));
  const { bytes } = await attached(target, signer);
  const claim = { bundle: bytes, digest: image.digest, place: "cache", predicateType: PROVENANCE_TYPE };
  const { predicate } = await verifyClaim(claim, signer.trusted);
  expect(predicate).toEqual(provenancePredicate(request.build, request.tool));
  expect(await referrersOf(target, image.digest)).toMatchObject([
    {
      artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      annotations: { "dev.sigstore.bundle.predicateType": PROVENANCE_TYPE },
    },
  ]);
  // It vouches for how the package was built, and does not count as a signature of it.
  const verified = signer.verifier().verify(target, { tag: what.tag, bytes: Buffer.from("an image") });
  await expect(verified).rejects.toMatchObject({ code: "ERR_NOT_SIGNED" });
});
