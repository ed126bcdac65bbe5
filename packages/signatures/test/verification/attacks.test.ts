// What somebody with write access to a registry may try. Nothing of it is accepted, and each error says what is wrong.

import type { Target } from "@spack-oci/oci-client";
import { type Descriptor, MEDIA_TYPES, pushBytes, referrersTag } from "@spack-oci/oci-client";
import { expect, test } from "vitest";
import { attachSignature, attachStatement } from "../../src/bundle/attach-statement.js";
import { BUNDLE_TYPE, SIGNATURE_PREDICATE } from "../../src/bundle/media-types.js";
import { formatStatement } from "../../src/bundle/statement.js";
import { addSimpleSignature } from "../../src/simple-signing/signature-tag.js";
import {
  attachBytes,
  changedBundle,
  ecKeys,
  imageInMemory,
  OTHER_DIGEST,
  pushImage,
  signerOf,
  trusting,
  verify,
} from "../support/signed-image.js";

const owner = ecKeys();
const attacker = ecKeys();
const claim = { predicateType: SIGNATURE_PREDICATE, predicate: {} };

/** A valid signature of an image. */
function signed(
  image: Pick<Descriptor, "digest">,
  statement = formatStatement(image, claim),
): Promise<Buffer> {
  return signerOf(owner).signStatement(statement);
}

/** A statement that the owner really signed, with something odd in it. */
function oddStatement(image: Descriptor, change: (statement: Record<string, unknown>) => unknown): Buffer {
  const statement = JSON.parse(formatStatement(image, claim).toString("utf8"));
  return Buffer.from(JSON.stringify(change(statement) ?? statement));
}

const bundles: [what: string, reason: RegExp, make: (image: Descriptor) => Promise<Buffer> | Buffer][] = [
  [
    "a signature of another image",
    /signature of another image, sha256:/,
    () => signed({ digest: OTHER_DIGEST }),
  ],
  [
    "the attacker's signature",
    /another key \(SHA-256 \S{44}\)/,
    (image) => signerOf(attacker).signStatement(formatStatement(image, claim)),
  ],
  [
    "the attacker's signature with the owner's hint",
    /signature does not match the content/,
    async (image) => {
      const genuine = JSON.parse((await signed(image)).toString("utf8"));
      const forged = await signerOf(attacker).signStatement(formatStatement(image, claim));
      return changedBundle(forged, (value) => ({
        ...value,
        verificationMaterial: genuine.verificationMaterial,
      }));
    },
  ],
  [
    "a statement that was exchanged",
    /signature does not match the content/,
    async (image) =>
      changedBundle(await signed({ digest: OTHER_DIGEST }), (value) => {
        value.dsseEnvelope.payload = formatStatement(image, claim).toString("base64");
      }),
  ],
  [
    "a signature whose last byte changed",
    /signature does not match the content/,
    async (image) =>
      changedBundle(await signed(image), ({ dsseEnvelope: { signatures } }) => {
        const [first] = signatures as [{ sig: string }];
        const bytes = Buffer.from(first.sig, "base64");
        bytes.writeUInt8((bytes.at(-1) as number) ^ 1, bytes.length - 1);
        first.sig = bytes.toString("base64");
      }),
  ],
  [
    "an empty signature",
    /malformed: invalid bundle/,
    async (image) =>
      changedBundle(await signed(image), (value) => {
        value.dsseEnvelope.signatures = [{ sig: "" }];
      }),
  ],
  [
    "no signature",
    /malformed: invalid bundle/,
    async (image) =>
      changedBundle(await signed(image), (value) => {
        value.dsseEnvelope.signatures = [];
      }),
  ],
  [
    "two signatures in one envelope",
    /malformed: invalid bundle/,
    async (image) =>
      changedBundle(await signed(image), ({ dsseEnvelope: { signatures } }) => {
        signatures.push(...signatures);
      }),
  ],
  [
    "an extra field",
    /unknown field "note"/,
    async (image) => changedBundle(await signed(image), (value) => ({ ...value, note: "trust me" })),
  ],
  [
    "an extra field further in",
    /unknown field "trusted"/,
    async (image) =>
      changedBundle(await signed(image), (value) => {
        value.verificationMaterial = { ...value.verificationMaterial, trusted: true };
      }),
  ],
  [
    "a field that is null",
    /is null/,
    async (image) =>
      changedBundle(await signed(image), (value) => ({ ...value, verificationMaterial: null })),
  ],
  [
    "an older version of the format",
    /not of version 0\.3/,
    async (image) =>
      changedBundle(await signed(image), (value) => {
        value.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.1";
      }),
  ],
  [
    "another type of payload",
    /payload is not an in-toto statement/,
    async (image) =>
      changedBundle(await signed(image), (value) => {
        value.dsseEnvelope.payloadType = "text/plain";
      }),
  ],
  ["a huge bundle", /has \d+ bytes, which exceeds the limit/, () => Buffer.alloc(300 * 1024, 0x20)],
  ["something that is not JSON", /bundle is not JSON/, () => Buffer.from("signed, the owner")],
  ["a list", /not a JSON object/, () => Buffer.from("[]")],
  ["bytes that are not UTF-8", /bundle is not JSON/, () => Buffer.from([0x22, 0xff, 0x22])],
  [
    "JSON as deep as the size allows",
    /not JSON|not a JSON object|malformed/,
    () => Buffer.from("[".repeat(100_000)),
  ],
  [
    "a statement with a second subject",
    /exactly one subject/,
    (image) =>
      signed(
        image,
        oddStatement(image, (value) => {
          value["subject"] = [
            ...(value["subject"] as unknown[]),
            { digest: { sha256: OTHER_DIGEST.slice(7) } },
          ];
        }),
      ),
  ],
  [
    "a statement without a subject",
    /exactly one subject/,
    (image) =>
      signed(
        image,
        oddStatement(image, (value) => ({ ...value, subject: [] })),
      ),
  ],
  [
    "a statement with an extra field",
    /unknown field "expires"/,
    (image) =>
      signed(
        image,
        oddStatement(image, (value) => ({ ...value, expires: "yesterday" })),
      ),
  ],
  [
    "a statement with a weaker digest",
    /unknown field "sha1"/,
    (image) =>
      signed(
        image,
        oddStatement(image, (value) => ({ ...value, subject: [{ digest: { sha1: "0" } }] })),
      ),
  ],
  [
    "a statement of another type",
    /not an in-toto statement/,
    (image) =>
      signed(
        image,
        oddStatement(image, (value) => ({ ...value, _type: "https://example.com" })),
      ),
  ],
  [
    "a bill of materials that the owner signed",
    /states https:\/\/spdx\.dev\/Document instead of a signature/,
    (image) =>
      signed(image, formatStatement(image, { predicateType: "https://spdx.dev/Document", predicate: {} })),
  ],
];

test.each(bundles)("rejects %s", async (_what, reason, make) => {
  const { target, image } = await imageInMemory();
  await attachBytes(target, image, await make(image));
  await expect(verify(target, image, trusting(owner))).rejects.toMatchObject({
    code: "ERR_SIGNATURE_INVALID",
    kind: "untrusted",
    message: expect.stringMatching(reason),
    hint: expect.stringContaining("Expected a signature by the key test.pub"),
  });
});

test("rejects a signature that was copied from another package", async () => {
  const { target, image } = await imageInMemory();
  const other = await pushImage(target, "other");
  await attachSignature(target, other, { signer: signerOf(owner) });
  const { manifest } = await listOf(target, other);
  await relist(target, image, manifest.manifests);
  await expect(verify(target, image, trusting(owner))).rejects.toThrow(/signature of another image/);
});

test("rejects a signature of the index in place of one of the package", async () => {
  const { target, image } = await imageInMemory();
  const index = await pushImage(target, "index.spack");
  await attachSignature(target, index, { signer: signerOf(owner) });
  await expect(verify(target, image, trusting(owner))).rejects.toMatchObject({ code: "ERR_NOT_SIGNED" });
});

test("does not take a signed bill of materials for a signature, nor ask for it", async () => {
  const { target, image } = await imageInMemory();
  const statement = { predicateType: "https://spdx.dev/Document", predicate: { name: "zlib" } };
  await attachStatement(target, image, { signer: signerOf(owner), ...statement });
  await expect(verify(target, image, trusting(owner))).rejects.toMatchObject({ code: "ERR_NOT_SIGNED" });
});

test("rejects a signature for another repository, if one is demanded", async () => {
  const { target, image } = await imageInMemory();
  const statement = formatStatement({ ...image, repository: "ghcr.io/me/tests" }, claim);
  await attachBytes(target, image, await signed(image, statement));
  const signers = { ...trusting(owner), repository: "ghcr.io/me/cache" };
  await expect(verify(target, image, signers)).rejects.toThrow(/signed for ghcr\.io\/me\/tests/);
  const own = { ...signers, repository: "ghcr.io/me/tests" };
  await expect(verify(target, image, own)).resolves.toMatchObject({ format: "bundle" });
});

test("rejects a valid key of the wrong type", async () => {
  const { target, image } = await imageInMemory();
  await attachSignature(target, image, { signer: signerOf(ecKeys("P-384")) });
  await expect(verify(target, image, trusting(owner))).rejects.toThrow(/signed with another key/);
});

test("gives up on a flood of signatures", async () => {
  const { target, image } = await imageInMemory();
  const flood = Array.from({ length: 100 }, () => ({
    mediaType: MEDIA_TYPES.ociManifest,
    digest: OTHER_DIGEST,
    size: 1,
    artifactType: BUNDLE_TYPE,
  }));
  await relist(target, image, flood);
  await expect(verify(target, image, trusting(owner))).rejects.toThrow(/it has 100 signatures, more than 32/);
});

test("rejects a list that names signatures that do not exist", async () => {
  const { target, image } = await imageInMemory();
  const missing = {
    mediaType: MEDIA_TYPES.ociManifest,
    digest: OTHER_DIGEST,
    size: 3,
    artifactType: BUNDLE_TYPE,
  };
  await relist(target, image, [missing]);
  await expect(verify(target, image, trusting(owner))).rejects.toThrow(
    /has no valid signature: .* has no sha256:/,
  );
});

test("rejects a bundle in a list that differs from what was signed", async () => {
  const { target, image } = await imageInMemory();
  const forged = changedBundle(await signed({ digest: OTHER_DIGEST }), (value) => {
    value.dsseEnvelope.payload = formatStatement(image, claim).toString("base64");
  });
  const listed = {
    mediaType: MEDIA_TYPES.ociManifest,
    digest: OTHER_DIGEST,
    size: 3,
    artifactType: BUNDLE_TYPE,
    annotations: { "dev.spack-oci.sigstore.bundle": forged.toString("utf8") },
  };
  await relist(target, image, [listed]);
  await expect(verify(target, image, trusting(owner))).rejects.toThrow(/does not match the content/);
});

test("rejects the attacker's signature in the older form", async () => {
  const { target, image } = await imageInMemory();
  await addSimpleSignature(target, image, { signer: signerOf(attacker) });
  await expect(verify(target, image, trusting(owner))).rejects.toThrow(/signed with another key/);
});

test("rejects signatures in the older form under the tag of another image", async () => {
  const { target, image } = await imageInMemory();
  await addSimpleSignature(target, { digest: OTHER_DIGEST }, { signer: signerOf(owner) });
  const moved = await target.resolve(`${referrersTag(OTHER_DIGEST)}.sig`);
  await target.tag(moved, `${referrersTag(image.digest)}.sig`);
  await expect(verify(target, image, trusting(owner))).rejects.toThrow(/signature of another image/);
});

async function listOf(target: Target, image: Descriptor) {
  const { fetchManifest } = await import("@spack-oci/oci-client");
  const { manifest } = await fetchManifest(target, referrersTag(image.digest));
  return { manifest: manifest as { manifests: readonly Descriptor[] } };
}

async function relist(target: Target, image: Descriptor, manifests: readonly Descriptor[]): Promise<void> {
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests };
  const tag = referrersTag(image.digest);
  await pushBytes(target, Buffer.from(JSON.stringify(index)), { mediaType: MEDIA_TYPES.ociIndex, tag });
}
