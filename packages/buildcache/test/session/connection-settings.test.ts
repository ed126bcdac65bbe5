// How Spack's configuration, the environment, the user's settings and the caller configure a client, in rising
// precedence.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SpackInstance } from "@spack-oci/spack-config";
import { afterAll, beforeEach, expect, it } from "vitest";
import { connectionSettings, mirrorsOf } from "../../src/session/connection-settings.js";

const directory = mkdtempSync(join(tmpdir(), "connection-"));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, "registries.json");
const environment = { HOME: directory, SPACK_OCI_REGISTRIES: file };
const settings = (value: unknown) => writeFileSync(file, JSON.stringify(value));
beforeEach(() => settings({}));

/** An instance with nothing but values of config.yaml. */
function spackWith(config: Record<string, unknown>): SpackInstance {
  const get = (path: string) => {
    const value = config[path.replace("config:", "")];
    return value === undefined ? undefined : { kind: "scalar", value };
  };
  const canonicalize = ({ value }: { value: unknown }) => String(value);
  return { configuration: { get }, canonicalize } as unknown as SpackInstance;
}

it("by default: Spack's own timeout, and a cache in the home directory", () => {
  const client = connectionSettings(environment, undefined);
  expect(client).toMatchObject({
    environment,
    timeouts: { connect: 30_000 },
    retry: {},
    uploadsDirectory: join(directory, ".cache/spack-oci/uploads"),
  });
  expect(client.tls?.("h")).toEqual({ verify: true, caFiles: [] });
  expect(client.hosts?.("h")).toEqual({});
  expect(mirrorsOf(environment, "h")).toEqual([]);
});

it("Spack's configuration applies to all hosts, and settings to their own", () => {
  const spack = spackWith({ verify_ssl: false, ssl_certs: file, connect_timeout: 5 });
  const site = { caFiles: ["/site/ca.pem"], verify: true, connections: 2, mirrors: ["oci://m"] };
  settings({ hosts: { site } });
  const client = connectionSettings(environment, spack);
  expect(client.timeouts).toEqual({ connect: 5000 });
  expect(client.tls?.("other")).toEqual({ verify: false, caFiles: [file] });
  expect(client.tls?.("site")).toMatchObject({ verify: true, caFiles: [file, "/site/ca.pem"] });
  expect(client.hosts?.("site")).toMatchObject({ connections: 2 });
  expect(mirrorsOf(environment, "site")).toEqual(["oci://m"]);
  settings({ connectTimeout: 7, stallTimeout: 9 });
  expect(connectionSettings(environment, spack).timeouts).toEqual({ connect: 7000, stall: 9000 });
});

it("the caller's retries override the user's settings one by one", () => {
  settings({ attempts: 3, longestWait: 60 });
  const userAgent = "me/1";
  const client = connectionSettings(environment, undefined, { userAgent, retry: { attempts: 9 } });
  expect(client).toMatchObject({ userAgent, retry: { attempts: 9, maxRequestedWait: 60_000 } });
});

it("missing certificates in Spack's configuration are ignored, as in Spack", () => {
  const client = connectionSettings(environment, spackWith({ ssl_certs: "/nonexistent/$CA" }));
  expect(client.tls?.("h")).toMatchObject({ caFiles: [] });
});

it("certificates may be in a directory", () => {
  const client = connectionSettings(environment, spackWith({ ssl_certs: directory }));
  expect(client.tls?.("h")).toMatchObject({ caFiles: [directory] });
});

it.each(["site/ca.pem", "/nonexistent/ca.pem"])("certificates at %s are ignored with a warning", (path) => {
  const warnings: string[] = [];
  const onWarning = (place: string, text: string) => void warnings.push(`${place}: ${text}`);
  const client = connectionSettings(environment, spackWith({ ssl_certs: path }), { onWarning });
  expect(client.tls?.("h")).toMatchObject({ caFiles: [] });
  expect(warnings).toEqual([expect.stringMatching(`^config:ssl_certs: ${path} is .* ignored, as in Spack`)]);
  const unset = spackWith({ ssl_certs: "/nonexistent/$CA" });
  expect(connectionSettings(environment, unset, { onWarning }).tls?.("h")).toMatchObject({ caFiles: [] });
  expect(warnings).toHaveLength(1);
});

it("a long timeout of Spack's holds for every wait, and none lifts only the limit for connecting", () => {
  const timeouts = (seconds: number) =>
    connectionSettings(environment, spackWith({ connect_timeout: seconds })).timeouts;
  expect(timeouts(600)).toEqual({ connect: 600_000, headers: 600_000, stall: 600_000 });
  expect(timeouts(90)).toEqual({ connect: 90_000, stall: 90_000 });
  expect(timeouts(0)).toEqual({ connect: 0 });
});
