// The user's registry settings on the command line: they apply, and invalid ones are rejected at once.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Certificates, canMakeCertificates, makeCertificates } from "../support/certificates.js";
import { spackOci } from "../support/command-line.js";
import { packageTagsIn, startEmptyMirror, startMirror, type TestMirror } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";

const directory = scratchDirectory("registry-settings");
let homes = 0;
let home: string;
let mirror: TestMirror;
let others: TestMirror[];

beforeEach(async () => {
  homes += 1;
  home = join(directory, String(homes));
  mkdirSync(join(home, ".config/spack-oci"), { recursive: true });
  mirror = await startMirror();
  others = [];
});
afterEach(async () => {
  for (const { registry } of [mirror, ...others]) await registry.close();
});

function settings(value: unknown): void {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  writeFileSync(join(home, ".config/spack-oci/registries.json"), text);
}

const run = (...args: string[]) => spackOci(args, { environment: { HOME: home }, mirrors: {} });

it("an unknown setting is wrong usage, and no request is sent", async () => {
  settings({ hosts: { [mirror.registry.host]: { conections: 1 } } });
  const { status, stderr } = await run("list", mirror.mirror);
  expect(status).toBe(2);
  expect(stderr).toContain(`${home}/.config/spack-oci/registries.json is malformed`);
  expect(stderr).toContain('unknown setting "conections"');
  expect(mirror.registry.requests).toEqual([]);
});

it("the user sets how often and how long to wait for a registry", async () => {
  settings({ attempts: 1 });
  mirror.registry.fault({ path: /manifests\/index/, status: 500, times: 9 });
  expect(await run("list", mirror.mirror)).toMatchObject({ status: 6 });
  expect(mirror.registry.requests).toHaveLength(1);

  mirror.registry.reset();
  settings({ longestWait: 1 });
  mirror.registry.fault({ status: 429, headers: { "retry-after": "2" }, times: 9 });
  const { status, stderr } = await run("list", mirror.mirror);
  expect(status).toBe(6);
  expect(stderr).toContain("Wait 2 s, as requested");
  expect(mirror.registry.requests).toHaveLength(1);
});

it("every request names this program and its version", async () => {
  expect(await run("list", mirror.mirror)).toMatchObject({ status: 0 });
  const agents = new Set(mirror.registry.requests.map(({ headers }) => headers["user-agent"]));
  expect([...agents]).toEqual([expect.stringMatching(/^spack-oci\/\d+\.\d+\.\d+/)]);
});

it("a registry's warning reaches the user, once", async () => {
  const warning = '299 - "this registry closes on Friday"';
  mirror.registry.fault({ headers: { warning }, times: 99 });
  const { status, stderr } = await run("list", mirror.mirror);
  expect(status).toBe(0);
  expect(stderr.split("this registry closes on Friday")).toHaveLength(2);
  expect(stderr).toContain(mirror.registry.host);
});

describe("pull-through caches", () => {
  async function startOther(): Promise<TestMirror> {
    const other = await startMirror();
    others.push(other);
    return other;
  }

  it("are read from instead of the host", async () => {
    const other = await startOther();
    settings({ hosts: { [mirror.registry.host]: { mirrors: [`oci+http://${other.registry.host}`] } } });
    const root = join(home, "opt");
    expect(await run("pull", mirror.mirror, "json-c-lite", "--root", root)).toMatchObject({ status: 0 });
    expect(mirror.registry.requests).toEqual([]);
    expect(other.registry.requests.length).toBeGreaterThan(2);
  });

  it("that fail are named in a warning, and the host is read instead", async () => {
    const other = await startOther();
    settings({ hosts: { [mirror.registry.host]: { mirrors: [`oci+http://${other.registry.host}`] } } });
    other.registry.fault({ status: 403, times: 99 });
    const { status, stderr } = await run("list", mirror.mirror);
    expect(status).toBe(0);
    expect(stderr).toContain(`oci+http://${other.registry.host}/`);
    expect(stderr).toContain("skipped: ");
  });

  it("are not consulted when something is written", async () => {
    const other = await startOther();
    const empty = await startEmptyMirror();
    others.push(empty);
    settings({ hosts: { [empty.registry.host]: { mirrors: [`oci+http://${other.registry.host}`] } } });
    expect(await run("update-index", empty.mirror)).toMatchObject({ status: 3 });
    expect(other.registry.requests).toEqual([]);
    expect(packageTagsIn(empty.repository)).toEqual([]);
  });
});

describe.skipIf(!canMakeCertificates)("certificates", () => {
  let certificates: Certificates;
  beforeEach(async () => {
    certificates = await makeCertificates();
    const { authority, server } = certificates;
    const tls = { key: server.key, cert: server.certificate, ca: authority.certificate, requestCert: true };
    others.push(await startMirror({ tls }));
  });
  afterEach(() => certificates.remove());

  it("for a host are configured relative to the settings file", async () => {
    const [secured] = others as [TestMirror];
    const { authority, client } = certificates;
    expect(await run("list", secured.mirror)).toMatchObject({ status: 6 });
    writeFileSync(join(home, ".config/spack-oci/ca.pem"), authority.certificate);
    const { certificateFile, keyFile } = client;
    settings({ hosts: { [secured.registry.host]: { caFiles: ["ca.pem"], certificateFile, keyFile } } });
    expect(await run("list", secured.mirror)).toMatchObject({ status: 0 });
    settings({ hosts: { [secured.registry.host]: { caFiles: ["absent.pem"] } } });
    const { status, stderr } = await run("list", secured.mirror);
    expect(status).toBe(2);
    expect(stderr).toContain(".config/spack-oci/absent.pem");
  });
});
