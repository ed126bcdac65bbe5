// Only public keys verify: what merely contains one is an error.

import { expect, test } from "vitest";
import { parsePublicKey, readPublicKey } from "../../src/keys/public-key.js";
import { ecKeys } from "../support/signed-image.js";

const { privateKey, publicKey } = ecKeys();
const pem = publicKey.export({ format: "pem", type: "spki" }).toString();

test("describes a key by its file, kind and fingerprint", () => {
  expect(parsePublicKey(pem, "a.pub").description).toMatch(/^a\.pub \(ECDSA P-256, SHA-256 \S{43}=\)$/);
});

const rejected: [string, string, RegExp][] = [
  ["a private key", privateKey.export({ format: "pem", type: "pkcs8" }).toString(), /holds PRIVATE KEY/],
  ["a certificate", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", /holds CERTIFICATE/],
  ["two keys", pem + pem, /instead of one PUBLIC KEY/],
  ["an empty file", "", /it is not PEM/],
  ["a damaged key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", /OpenSSL cannot read it/],
];

test.each(rejected)("rejects %s", (_what, text, reason) => {
  expect(() => parsePublicKey(text, "a.pub")).toThrow(
    expect.objectContaining({ code: "ERR_KEY", message: expect.stringMatching(reason) }),
  );
});

test("reads a key from an environment variable", () => {
  expect(readPublicKey("env://PUB", { PUB: pem }).description).toMatch(/^env:\/\/PUB \(ECDSA P-256/);
});

test.each([{}, { PUB: "" }, { PUB: "x".repeat(70_000) }])(
  "rejects a variable without a key: %#",
  (environment) => {
    expect(() => readPublicKey("env://PUB", environment)).toThrow(
      expect.objectContaining({ code: "ERR_KEY" }),
    );
  },
);
