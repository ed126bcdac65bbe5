// Certificates and proxies on real connections.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Certificates,
  canMakeCertificates,
  makeCertificates,
} from "../../../../tests/support/certificates.js";
import { type ForwardProxy, startProxy } from "../../../../tests/support/proxy.js";
import {
  startTestRegistry,
  type TestRegistry,
} from "../../../../tests/support/test-registry/test-registry.js";
import { parseLocation, type RegistryLocation } from "../../src/reference/location.js";
import { RemoteRepository } from "../../src/remote/remote-repository.js";
import { bodyOf } from "../../src/storage/bytes.js";
import { createRegistryClient } from "../../src/transport/client.js";
import { readTls } from "../../src/transport/tls.js";
import { blob, freshRepository } from "../support/registry.js";

if (!canMakeCertificates) console.info("skipped: TLS, because openssl is not on PATH");

const bytes = randomBytes(1_000_000);
let proxy: ForwardProxy;
let plain: TestRegistry;
beforeAll(async () => {
  proxy = await startProxy();
  plain = await startTestRegistry();
});
beforeEach(() => {
  proxy.requests.length = 0;
  proxy.authorizations.length = 0;
});
afterAll(() => Promise.all([proxy.close(), plain.close()]));

test("requests to a plain host go through the proxy, which forwards them", async () => {
  const repository = freshRepository(plain, {
    environment: { http_proxy: proxy.url.replace("//", "//me:pass@") },
  });
  expect(await repository.push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
  expect(proxy.requests[0]).toBe(
    `HEAD ${plain.origin}/v2/${repository.repository}/blobs/${blob(bytes).digest}`,
  );
  expect(proxy.requests.length).toBe(3);
  expect(new Set(proxy.authorizations)).toEqual(
    new Set([`Basic ${Buffer.from("me:pass").toString("base64")}`]),
  );
});

test("requests to an excepted host go there directly", async () => {
  const repository = freshRepository(plain, {
    environment: { http_proxy: proxy.url, no_proxy: "127.0.0.1" },
  });
  await repository.exists(blob(bytes));
  expect(proxy.requests).toEqual([]);
});

test("requests of all kinds reuse a connection", async () => {
  const ports = new Set<number | undefined>();
  const server = createServer((incoming, outgoing) => {
    ports.add(incoming.socket.remotePort);
    incoming.resume();
    const isUpload = incoming.method === "POST" || incoming.method === "PUT";
    outgoing.writeHead(isUpload ? 201 : 404, { location: "/v2/a/blobs/uploads/1" }).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = createRegistryClient();
  const { port } = server.address() as AddressInfo;
  for (const method of ["HEAD", "GET", "HEAD", "POST", "HEAD", "DELETE", "GET"] as const) {
    const url = `http://127.0.0.1:${port}/v2/a/blobs/x`;
    await client.send({ method, url, repository: "a", scopes: [], place: "a" }).catch((error) => {
      expect(error).toMatchObject({ kind: "not-found" });
    });
  }
  // A request may come a moment before the last one's connection is free again.
  expect(ports.size).toBeLessThan(3);
  await client.close();
  server.close();
});

test("a missing proxy is unreachable", async () => {
  const repository = freshRepository(plain, {
    environment: { http_proxy: "http://127.0.0.1:1" },
    retry: { attempts: 2 },
  });
  await expect(repository.exists(blob(bytes))).rejects.toMatchObject({ kind: "unreachable" });
});

test("distinguishes a host that speaks plain http from one with a bad certificate", async () => {
  const { host } = plain;
  const location = parseLocation(`oci://${host}/org/name`) as RegistryLocation;
  const repository = new RemoteRepository(location, createRegistryClient());
  await expect(repository.exists(blob(bytes))).rejects.toMatchObject({
    kind: "unreachable",
    message: expect.stringContaining(`${host} does not speak https`),
    hint: expect.stringContaining("oci+http://"),
  });
});

describe.skipIf(!canMakeCertificates)("TLS", () => {
  let certificates: Certificates;
  let registry: TestRegistry;
  beforeAll(async () => {
    certificates = await makeCertificates();
    const { authority, server } = certificates;
    registry = await startTestRegistry({
      tls: { key: server.key, cert: server.certificate, ca: authority.certificate, requestCert: true },
    });
  });
  afterAll(async () => {
    await registry?.close();
    await certificates?.remove();
  });
  const caFiles = () => [certificates.authority.certificateFile];

  test("presents a client certificate to its host", async () => {
    const { certificateFile, keyFile } = certificates.client;
    const tls = (host: string) =>
      host === registry.host ? { caFiles: caFiles(), certificateFile, keyFile } : {};
    expect(await freshRepository(registry, { tls }).push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
  });

  test("tunnels to a host, and verifies its certificate through the tunnel", async () => {
    const environment = { HTTPS_PROXY: proxy.url };
    const { certificateFile, keyFile } = certificates.client;
    const repository = freshRepository(registry, {
      environment,
      tls: () => ({ caFiles: caFiles(), certificateFile, keyFile }),
    });
    expect(await repository.push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${registry.host}`]));
    await expect(freshRepository(registry, { environment }).exists(blob(bytes))).rejects.toMatchObject({
      kind: "unreachable",
      message: expect.stringContaining("certificate"),
    });
  });

  test("SSL_CERT_FILE names authorities, and a missing file has none", async () => {
    const { authority, client } = certificates;
    const { certificateFile, keyFile } = client;
    const as = (file: string) =>
      freshRepository(registry, {
        environment: { SSL_CERT_FILE: file },
        tls: () => ({ certificateFile, keyFile }),
      });
    expect(await as(authority.certificateFile).exists(blob(randomBytes(1)))).toBe(false);
    await expect(as("/nonexistent.pem").exists(blob(bytes))).rejects.toMatchObject({
      kind: "unreachable",
      hint: expect.stringContaining("SSL_CERT_FILE"),
    });
  });

  test.each([
    ["SSL_CERT_DIR", (directory: string) => ({ environment: { SSL_CERT_DIR: `/nonexistent:${directory}` } })],
    ["NODE_EXTRA_CA_CERTS", (_: string, file: string) => ({ environment: { NODE_EXTRA_CA_CERTS: file } })],
    ["a directory of authorities", (directory: string) => ({ caFiles: [directory] })],
  ])("%s is trusted", async (_, settings) => {
    const { authority, client } = certificates;
    const directory = await mkdtemp(join(tmpdir(), "authorities-"));
    // As c_rehash leaves it: a link by the hash, a broken link, a directory, and files of other kinds.
    await copyFile(authority.certificateFile, join(directory, "site.crt"));
    await symlink("site.crt", join(directory, "0a1b2c3d.0"));
    await symlink("gone.crt", join(directory, "4e5f6a7b.0"));
    await mkdir(join(directory, "more"));
    await writeFile(join(directory, "README"), "no certificate");
    await writeFile(
      join(directory, "bad.pem"),
      authority.certificate.replace(/[A-Za-z]{20}/, "A".repeat(20)),
    );
    const { environment = {}, caFiles = [] }: { environment?: NodeJS.ProcessEnv; caFiles?: string[] } =
      settings(directory, authority.certificateFile);
    const { certificateFile, keyFile } = client;
    const tls = () => ({ caFiles, certificateFile, keyFile });
    expect(await freshRepository(registry, { environment, tls }).exists(blob(randomBytes(1)))).toBe(false);
    await rm(directory, { recursive: true });
  });

  test("names a file that is not a certificate, is missing, or has the wrong key", async () => {
    const { directory, client, server } = certificates;
    const nonsense = join(directory, "nonsense.pem");
    await writeFile(nonsense, "-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----\n");
    await writeFile(join(directory, "empty.pem"), "");
    const cases = [
      { caFiles: [nonsense] },
      { caFiles: [join(directory, "empty.pem")] },
      { caFiles: [join(directory, "absent.pem")] },
      { caFiles: [await mkdtemp(join(directory, "empty-"))] },
      { certificateFile: client.certificateFile, keyFile: server.keyFile },
    ];
    for (const tls of cases) {
      expect(() => readTls(tls, {})).toThrow(
        expect.objectContaining({ kind: "usage", code: "ERR_OCI_CERTIFICATE" }),
      );
      const repository = freshRepository(registry, { tls: () => tls });
      await expect(repository.exists(blob(bytes))).rejects.toMatchObject({ code: "ERR_OCI_CERTIFICATE" });
    }
  });
});
