// Images with valid signatures are accepted; the error for all others says why.

import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { attachSignature } from "../../src/bundle/attach-statement.js";
import { addSimpleSignature } from "../../src/simple-signing/signature-tag.js";
import { ecKeys, imageInMemory, type KeyPair, signerOf, trusting, verify } from "../support/signed-image.js";

const keys: [string, () => KeyPair][] = [
  ["ECDSA P-256", () => ecKeys("P-256")],
  ["ECDSA P-384", () => ecKeys("P-384")],
  ["ECDSA P-521", () => ecKeys("P-521")],
  ["Ed25519", () => generateKeyPairSync("ed25519")],
  ["RSA 2048", () => generateKeyPairSync("rsa", { modulusLength: 2048 })],
];

test.each(keys)("accepts a bundle signed with %s", async (name, generate) => {
  const { target, image } = await imageInMemory();
  const pair = generate();
  await attachSignature(target, image, { signer: signerOf(pair) });
  const verified = await verify(target, image, trusting(ecKeys(), pair));
  expect(verified).toMatchObject({ format: "bundle", signer: expect.stringContaining(`test.pub (${name},`) });
});

test.each(keys)("accepts cosign's older form signed with %s", async (_name, generate) => {
  const { target, image } = await imageInMemory();
  const pair = generate();
  await addSimpleSignature(target, image, { signer: signerOf(ecKeys()) });
  await addSimpleSignature(target, image, { signer: signerOf(pair) });
  expect(await verify(target, image, trusting(pair))).toMatchObject({ format: "simple" });
});

test("finds the valid one among several signatures", async () => {
  const { target, image } = await imageInMemory();
  const [one, other] = [ecKeys(), ecKeys()];
  for (const pair of [one, ecKeys(), other]) await attachSignature(target, image, { signer: signerOf(pair) });
  await expect(verify(target, image, trusting(other))).resolves.toMatchObject({ format: "bundle" });
});

test("names the image and the expected key if there is no signature", async () => {
  const { target, image } = await imageInMemory();
  await expect(verify(target, image, trusting(ecKeys()))).rejects.toMatchObject({
    code: "ERR_NOT_SIGNED",
    kind: "untrusted",
    message: "memory:target:image is not signed.",
    place: `memory:target:image@${image.digest}`,
    hint: expect.stringMatching(
      /^Expected a signature by the key test\.pub \(ECDSA P-256, SHA-256 \S{44}\)\./,
    ),
  });
});

test("fails if the registry does not answer, rather than calling the image unsigned", async () => {
  const { target, image } = await imageInMemory();
  target.resolve = () => Promise.reject(new Error("no answer"));
  await expect(verify(target, image, trusting(ecKeys()))).rejects.toThrow("no answer");
});
