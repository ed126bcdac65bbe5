// Signing as a CI job, and verifying that, against Sigstore's fakes: what is missing or expired is noticed.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { attachSignature } from "../../src/bundle/attach-statement.js";
import { SIGNATURE_PREDICATE } from "../../src/bundle/media-types.js";
import { formatStatement } from "../../src/bundle/statement.js";
import { keylessSigner } from "../../src/keyless/keyless-signer.js";
import { trustedRootFile } from "../../src/verification/trust-material.js";
import type { TrustedSigners } from "../../src/verification/trusted-signers.js";
import { type FakeSigstore, identityToken, startFakeSigstore } from "../support/fake-sigstore.js";
import {
  attachBytes,
  changedBundle,
  ecKeys,
  imageInMemory,
  signerOf,
  trusting,
  verify,
} from "../support/signed-image.js";

const IDENTITY = "https://github.com/me/cache/.github/workflows/build.yml@refs/heads/main";
const ISSUER = "https://token.actions.githubusercontent.com";

let sigstore: FakeSigstore;
let others: FakeSigstore;

beforeAll(async () => {
  sigstore = await startFakeSigstore();
  others = await startFakeSigstore();
});
afterAll(() => {
  sigstore.close();
  others.close();
});
beforeEach(() => {
  process.env["SIGSTORE_ID_TOKEN"] = identityToken(IDENTITY, ISSUER);
});
afterEach(() => {
  delete process.env["SIGSTORE_ID_TOKEN"];
});

const signerAt = ({ url }: FakeSigstore) => keylessSigner({ fulcioUrl: url, rekorUrl: url });

function expecting(identity = IDENTITY, issuer = ISSUER, { trustedRoot } = sigstore): TrustedSigners {
  return { keys: [], identities: [{ identity, issuer }], authorities: trustedRootFile(trustedRoot) };
}

/** A keyless signature of an image, in a bundle. */
function signedBundle(image: { readonly digest: string }, services = sigstore): Promise<Buffer> {
  const claim = { predicateType: SIGNATURE_PREDICATE, predicate: {} };
  return signerAt(services).signStatement(formatStatement(image, claim));
}

test("accepts what a job signed", async () => {
  const { target, image } = await imageInMemory();
  await attachSignature(target, image, { signer: signerAt(sigstore) });
  expect(await verify(target, image, expecting())).toEqual({
    format: "bundle",
    signer: `${IDENTITY} (issuer ${ISSUER})`,
  });
});

const wrong: [what: string, signers: () => TrustedSigners, reason: RegExp][] = [
  [
    "another workflow",
    () => expecting(`${IDENTITY}-2`),
    /it is signed by https:\/\/github\.com\/me\/cache\S+ \(issuer https:\/\/token/,
  ],
  ["an identity that is a prefix", () => expecting("https://github.com/me/cache"), /it is signed by/],
  ["an identity that is a pattern", () => expecting(".*"), /it is signed by/],
  ["another issuer", () => expecting(IDENTITY, "https://gitlab.com"), /it is signed by/],
  ["other authorities", () => expecting(IDENTITY, ISSUER, others), /certificate|inclusion|log/i],
  ["a key", () => trusting(ecKeys()), /signed with a certificate instead of a key/],
];

test.each(wrong)("rejects it if %s is expected", async (_what, signers, reason) => {
  const { target, image } = await imageInMemory();
  await attachSignature(target, image, { signer: signerAt(sigstore) });
  await expect(verify(target, image, signers())).rejects.toMatchObject({
    code: "ERR_SIGNATURE_INVALID",
    message: expect.stringMatching(reason),
  });
});

test("rejects a key if an identity is expected", async () => {
  const { target, image } = await imageInMemory();
  await attachSignature(target, image, { signer: signerOf(ecKeys()) });
  await expect(verify(target, image, expecting())).rejects.toThrow(
    /signed with a key instead of a certificate/,
  );
});

test("rejects a bundle without its entry in the transparency log", async () => {
  const { target, image } = await imageInMemory();
  const bundle = changedBundle(await signedBundle(image), ({ verificationMaterial }) => {
    verificationMaterial["tlogEntries"] = [];
  });
  await attachBytes(target, image, bundle);
  await expect(verify(target, image, expecting())).rejects.toThrow(/expected 1 timestamps, got 0/);
});

test("rejects a bundle with the log entry of another signature", async () => {
  const { target, image } = await imageInMemory();
  const own = await signedBundle(image);
  // Later, so that the certificate is valid at its time.
  const other = JSON.parse((await signedBundle(image)).toString("utf8"));
  const bundle = changedBundle(own, ({ verificationMaterial }) => {
    verificationMaterial["tlogEntries"] = other.verificationMaterial.tlogEntries;
  });
  await attachBytes(target, image, bundle);
  await expect(verify(target, image, expecting())).rejects.toThrow(/mismatch/);
});

test("rejects a bundle whose log entry is dated differently", async () => {
  const { target, image } = await imageInMemory();
  const bundle = changedBundle(await signedBundle(image), ({ verificationMaterial }) => {
    const [entry] = verificationMaterial["tlogEntries"] as [{ integratedTime: string }];
    entry.integratedTime = String(Number(entry.integratedTime) + 1);
  });
  await attachBytes(target, image, bundle);
  await expect(verify(target, image, expecting())).rejects.toThrow(/inclusion promise|timestamp/);
});

test("rejects a signature that was made after its certificate expired", async () => {
  const late = await startFakeSigstore({ logged: new Date(Date.now() + 86_400_000) });
  const { target, image } = await imageInMemory();
  await attachBytes(target, image, await signedBundle(image, late));
  late.close();
  await expect(verify(target, image, expecting(IDENTITY, ISSUER, late))).rejects.toThrow(
    /Failed to verify certificate chain|expired/,
  );
});

test("says what is missing outside of a job", async () => {
  delete process.env["SIGSTORE_ID_TOKEN"];
  await expect(signerAt(sigstore).signStatement(Buffer.from("{}"))).rejects.toMatchObject({
    code: "ERR_KEYLESS",
    kind: "denied",
    hint: expect.stringContaining("id-token: write"),
  });
});

test("does not show a malformed token", async () => {
  process.env["SIGSTORE_ID_TOKEN"] = "not-a-token";
  const error = await signerAt(sigstore)
    .signStatement(Buffer.from("{}"))
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "ERR_KEYLESS", kind: "denied" });
  // The cause would be printed as well.
  expect((error as Error).cause).toBeUndefined();
  expect(String((error as Error).stack)).not.toContain("not-a-token");
});

test("says so if the services do not answer", async () => {
  const nowhere = keylessSigner({ fulcioUrl: "http://127.0.0.1:1", rekorUrl: "http://127.0.0.1:1" });
  await expect(nowhere.signStatement(Buffer.from("{}"))).rejects.toMatchObject({
    code: "ERR_KEYLESS",
    kind: "unreachable",
  });
});
