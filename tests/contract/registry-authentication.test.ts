// Real registries that require authentication: htpasswd, signed tokens, and TLS with a private authority.

import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  bodyOf,
  type Credentials,
  createRegistryClient,
  descriptorOf,
  fetchBytes,
  isMounter,
  MEDIA_TYPES,
  openTarget,
  pushBytes,
  type RegistryClientOptions,
  verifyCredential,
} from "@spack-oci/oci-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Certificates, canMakeCertificates, makeCertificates } from "../support/certificates.js";
import { collectAll } from "../support/collect.js";
import {
  distributionProducts,
  type RegistryProcess,
  startRegistryProcess,
} from "../support/registry-process.js";
import { startTokenServer, type TokenServer } from "../support/token-server.js";

const products = canMakeCertificates ? distributionProducts : [];
if (products.length === 0)
  console.info("skipped: registry authentication, which needs docker-registry or registry, and openssl");

const me: Credentials = () => ({ kind: "basic", username: "me", password: "secret", source: "the test" });
const wrong: Credentials = () => ({ kind: "basic", username: "me", password: "wrong", source: "the test" });
// bcrypt of "secret", the only hash that docker-registry accepts.
const htpasswd = "me:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

let certificates: Certificates;
beforeAll(async () => {
  if (products.length > 0) certificates = await makeCertificates();
});
afterAll(() => certificates?.remove());

function openAs(registry: RegistryProcess, repository: string, options: RegistryClientOptions) {
  return openTarget(registry.location(repository), {
    client: createRegistryClient({ retry: { attempts: 2 }, ...options }),
  });
}

/** Pushes, lists and reads, all of which must work. */
async function roundTrip(
  registry: RegistryProcess,
  repository: string,
  options: RegistryClientOptions,
): Promise<void> {
  const target = openAs(registry, repository, options);
  const layer = randomBytes(2_000_000);
  const descriptor = descriptorOf(MEDIA_TYPES.ociLayerGzip, layer);
  expect(await target.push(descriptor, bodyOf(layer))).toBe("uploaded");
  const config = await pushBytes(target, Buffer.from("{}"), { mediaType: MEDIA_TYPES.ociConfig });
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociManifest,
    config: config.descriptor,
    layers: [descriptor],
  };
  await pushBytes(target, Buffer.from(JSON.stringify(manifest)), {
    mediaType: MEDIA_TYPES.ociManifest,
    tag: "v1",
  });
  expect(await collectAll(target.tags())).toEqual(["v1"]);
  expect((await fetchBytes(target, descriptor, { limit: 2_000_000 })).equals(layer)).toBe(true);
  const other = openAs(registry, `${repository}-copy`, options);
  const mounted = await other.push(descriptor, bodyOf(layer), { mountFrom: [repository] });
  expect([mounted, isMounter(other)]).toEqual(["mounted", true]);
}

describe.each(products)("htpasswd of %s", (product) => {
  let registry: RegistryProcess;
  beforeAll(async () => {
    const file = join(certificates.directory, "htpasswd");
    await writeFile(file, htpasswd);
    const auth = `auth: { htpasswd: { realm: test, path: ${file} } }\n`;
    registry = await startRegistryProcess(product, { auth });
  });
  afterAll(() => registry?.stop());

  test("the right password works", () => roundTrip(registry, "org/name", { credentials: me }));

  test.each([
    ["a wrong password", wrong],
    ["no password", undefined],
  ])("%s is denied, not reported as missing", async (_, credentials) => {
    const target = openAs(registry, "org/name", credentials === undefined ? {} : { credentials });
    await expect(target.resolve("v1")).rejects.toMatchObject({ kind: "denied" });
    await expect(
      target.push(descriptorOf("x", Buffer.from("x")), bodyOf(Buffer.from("x"))),
    ).rejects.toMatchObject({ kind: "denied" });
  });

  test("a credential is verified", async () => {
    await verifyCredential(registry.host, { username: "me", password: "secret" }, { scheme: "http" });
    await expect(
      verifyCredential(registry.host, { username: "me", password: "wrong" }, { scheme: "http" }),
    ).rejects.toMatchObject({ kind: "denied" });
  });
});

describe.each(products)("signed tokens of %s", (product) => {
  let registry: RegistryProcess;
  let tokens: TokenServer;
  beforeAll(async () => {
    tokens = await startTokenServer({ me: "secret" }, certificates.authority);
    registry = await startRegistryProcess(product, { auth: tokens.registryConfig });
  });
  afterAll(async () => {
    await registry?.stop();
    await tokens?.close();
  });

  test("the right password works, with one token for each kind of access", async () => {
    await roundTrip(registry, "org/name", { credentials: me });
    expect(tokens.granted).toEqual([
      ["repository:org/name:pull"],
      ["repository:org/name:pull,push"],
      ["repository:org/name-copy:pull"],
      ["repository:org/name-copy:pull,push", "repository:org/name:pull"],
    ]);
  });

  test("anonymous users can pull what is public, and nothing else", async () => {
    await roundTrip(registry, "public/name", { credentials: me });
    await openAs(registry, "public/name", {}).resolve("v1");
    await expect(openAs(registry, "org/name", {}).resolve("v1")).rejects.toMatchObject({ kind: "denied" });
    await expect(openAs(registry, "org/name", { credentials: wrong }).resolve("v1")).rejects.toMatchObject({
      kind: "denied",
    });
  });
});

describe.each(products)("TLS of %s", (product) => {
  let registry: RegistryProcess;
  beforeAll(async () => {
    const { certificateFile: certificate, keyFile: key } = certificates.server;
    registry = await startRegistryProcess(product, { tls: { certificate, key } });
  });
  afterAll(() => registry?.stop());

  test("trusts a private authority that is set", () =>
    roundTrip(registry, "org/name", { tls: () => ({ caFiles: [certificates.authority.certificateFile] }) }));

  test("does not trust the certificate without it, and does not repeat requests", async () => {
    const requests: string[] = [];
    const target = openAs(registry, "org/name", { onRequest: ({ method }) => requests.push(method) });
    await expect(target.resolve("v1")).rejects.toMatchObject({
      kind: "unreachable",
      message: expect.stringContaining("certificate"),
    });
    expect(requests).toEqual(["HEAD"]);
  });

  test("verification can be turned off for a host", async () => {
    const target = openAs(registry, "org/name", { tls: (host) => ({ verify: host !== registry.host }) });
    expect((await target.resolve("v1")).size).toBeGreaterThan(0);
  });
});
