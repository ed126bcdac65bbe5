// Private keys of every kind sign; everything else is an error that says what it is.

import { generateKeyPairSync, randomBytes, scryptSync } from "node:crypto";
import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { expect, test } from "vitest";
import { isSignedBy, signWith } from "../../src/keys/key-algorithm.js";
import { readPrivateKey } from "../../src/keys/private-key.js";
import { ecKeys, scratchFile } from "../support/signed-image.js";

const data = Buffer.from("content");
const { privateKey, publicKey } = ecKeys();
const noPassword = undefined;

/** A key as cosign encrypts it (go-securesystemslib: encrypted/encrypted.go). */
function cosignKey(password: string, change: (value: CosignBox) => unknown = (value) => value): string {
  const [salt, nonce] = [randomBytes(32), randomBytes(24)];
  const key = scryptSync(password, salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 });
  const der = privateKey.export({ format: "der", type: "pkcs8" });
  const value = change({
    kdf: { name: "scrypt", params: { N: 2 ** 15, r: 8, p: 1 }, salt: salt.toString("base64") },
    cipher: { name: "nacl/secretbox", nonce: nonce.toString("base64") },
    ciphertext: Buffer.from(xsalsa20poly1305(key, nonce).encrypt(der)).toString("base64"),
  });
  const lines =
    Buffer.from(JSON.stringify(value))
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  const title = "ENCRYPTED SIGSTORE PRIVATE KEY";
  return `-----BEGIN ${title}-----\n${lines.join("\n")}\n-----END ${title}-----\n`;
}

interface CosignBox {
  readonly kdf: { readonly name: string; readonly params: Record<string, number>; readonly salt: string };
  readonly cipher: { readonly name: string; readonly nonce: string };
  readonly ciphertext: string;
}

const readable: [string, string, string | undefined][] = [
  ["PKCS #8", privateKey.export({ format: "pem", type: "pkcs8" }).toString(), undefined],
  ["SEC 1", privateKey.export({ format: "pem", type: "sec1" }).toString(), undefined],
  [
    "PKCS #8 that OpenSSL encrypted",
    privateKey
      .export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "password" })
      .toString(),
    "password",
  ],
  ["cosign's form", cosignKey("password"), "password"],
  ["cosign's form with an empty password", cosignKey(""), ""],
];

test.each(readable)("reads %s", async (_what, pem, password) => {
  const path = scratchFile("test.key", pem);
  const read = await readPrivateKey(path, password === undefined ? undefined : async () => password);
  expect(isSignedBy(publicKey, data, signWith(read.key, data))).toBe(true);
  expect(read.verificationKey.key.equals(publicKey)).toBe(true);
});

const unreadable: [string, () => string, RegExp][] = [
  ["a public key", () => publicKey.export({ format: "pem", type: "spki" }).toString(), /not a private key/],
  ["something else", () => "secret", /OpenSSL cannot read it/],
  ["a huge file", () => "x".repeat(100_000), /more than 65536 bytes/],
  [
    "a short RSA key",
    () => pemOf(generateKeyPairSync("rsa", { modulusLength: 1024 })),
    /1024 bits instead of 2048/,
  ],
  ["another curve", () => pemOf(generateKeyPairSync("ec", { namedCurve: "secp256k1" })), /secp256k1/],
  ["another algorithm", () => pemOf(generateKeyPairSync("x25519")), /x25519/],
  [
    "scrypt parameters that exhaust memory",
    () =>
      cosignKey("password", (box) => ({ ...box, kdf: { ...box.kdf, params: { N: 2 ** 30, r: 8, p: 1 } } })),
    /one of cosign's parameters/,
  ],
  [
    "another cipher",
    () => cosignKey("password", (box) => ({ ...box, cipher: { ...box.cipher, name: "none" } })),
    /cipher is not nacl\/secretbox/,
  ],
  [
    "a nonce of another length",
    () => cosignKey("password", (box) => ({ ...box, cipher: { ...box.cipher, nonce: "" } })),
    /wrong length/,
  ],
];

function pemOf(pair: { readonly privateKey: typeof privateKey }): string {
  return pair.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

test.each(unreadable)("rejects %s", async (_what, make, reason) => {
  const path = scratchFile("bad.key", make());
  await expect(readPrivateKey(path, async () => "password")).rejects.toMatchObject({
    code: "ERR_KEY",
    kind: "usage",
    message: expect.stringMatching(reason),
    place: path,
  });
});

test.each(["openssl", "cosign"])("names a wrong password of a key from %s", async (from) => {
  const pem = from === "cosign" ? cosignKey("password") : (readable[2]?.[1] ?? "");
  const path = scratchFile("locked.key", pem);
  const reading = (password: string) => readPrivateKey(path, async () => password);
  await expect(reading("guess")).rejects.toMatchObject({ code: "ERR_KEY_PASSWORD" });
  await expect(readPrivateKey(path, noPassword)).rejects.toThrow(/no password, and no terminal/);
});

test("names a file that does not exist", async () => {
  await expect(readPrivateKey("/nonexistent/key", noPassword)).rejects.toThrow(/no such file or directory/);
});
