// The user's settings file: what it sets, and clear errors for what it cannot.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseRegistrySettings, readRegistrySettings } from "../../src/settings/registry-settings.js";
import { FILE_KEYS, HOST_KEYS } from "../../src/settings/settings-schema.js";

const parse = (value: unknown) => parseRegistrySettings(JSON.stringify(value), "/etc/site/registries.json");

test("times are in seconds", () => {
  const { retry, timeouts } = parse({
    attempts: 3,
    longestWait: 600,
    connectTimeout: 5,
    answerTimeout: 60,
    stallTimeout: 0.5,
  });
  expect(retry).toEqual({ attempts: 3, maxRequestedWait: 600_000 });
  expect(timeouts).toEqual({ connect: 5000, headers: 60_000, stall: 500 });
});

test("what is not set keeps its default", () => {
  const { retry, timeouts, of } = parse({});
  expect([retry, timeouts, of("ghcr.io")]).toEqual([{}, {}, {}]);
});

test("a host's entry overrides that of *, key by key, under any name of the host", () => {
  const { of } = parse({
    hosts: {
      "*": { connections: 4, anonymousMount: true },
      "ghcr.io": { connections: 2 },
      "docker.io": { requestsPerSecond: 1.5 },
      "localhost:5000": { verify: false },
    },
  });
  expect(of("ghcr.io")).toEqual({ connections: 2, anonymousMount: true });
  expect(of("GHCR.io:443")).toEqual(of("ghcr.io"));
  expect(of("registry-1.docker.io")).toMatchObject({ requestsPerSecond: 1.5, connections: 4 });
  expect(of("localhost:5000")).toMatchObject({ verify: false });
  expect(of("localhost:5001")).toEqual({ connections: 4, anonymousMount: true });
});

test("paths start at the file's own directory", () => {
  const entry = { caFiles: ["ca.pem", "/abs/ca.pem"], certificateFile: "me.pem", keyFile: "me.key" };
  expect(parse({ hosts: { h: entry } }).of("h")).toEqual({
    caFiles: ["/etc/site/ca.pem", "/abs/ca.pem"],
    certificateFile: "/etc/site/me.pem",
    keyFile: "/etc/site/me.key",
  });
});

test.each([
  [[], "it is not a JSON object"],
  [{ hots: {} }, 'unknown setting "hots"; known settings: attempts, longestWait,'],
  [{ attempts: 0 }, "attempts must be a whole number from 1 to 100"],
  [{ longestWait: "5m" }, "longestWait must be a number from 0 to"],
  [{ hosts: [] }, "hosts must be an object"],
  [{ hosts: { "ghcr.io/org": {} } }, '"ghcr.io/org" is not a host'],
  [{ hosts: { "https://ghcr.io": {} } }, '"https://ghcr.io" is not a host'],
  [{ hosts: { "ghcr.io": 5 } }, "ghcr.io must be an object"],
  [{ hosts: { "ghcr.io": { conections: 5 } } }, 'ghcr.io: unknown setting "conections"'],
  [{ hosts: { "ghcr.io": { toString: 5 } } }, 'ghcr.io: unknown setting "toString"'],
  [{ hosts: { "ghcr.io": { connections: 1.5 } } }, "ghcr.io: connections must be a whole number"],
  [{ hosts: { "ghcr.io": { verify: "no" } } }, "ghcr.io: verify must be true or false"],
  [{ hosts: { "ghcr.io": { caFiles: "ca.pem" } } }, "ghcr.io: caFiles must be a list of paths"],
  [{ hosts: { "ghcr.io": { keyFile: "key.pem" } } }, "certificateFile and keyFile must be set together"],
  [{ hosts: { "ghcr.io": { mirrors: ["mirror.site"] } } }, "mirrors must be a list of oci://HOST/PATH"],
  [{ hosts: { "ghcr.io": { mirrors: ["oci://me:secret@mirror.site"] } } }, "mirrors must be a list"],
])("rejects %j: %s", (value, why) => {
  expect(() => parse(value)).toThrow(why);
  expect(() => parse(value)).toThrow(
    expect.objectContaining({ kind: "usage", code: "ERR_OCI_SETTINGS", place: "/etc/site/registries.json" }),
  );
});

test("any JSON, even under known keys, is accepted or rejected", () => {
  const held = fc.oneof(fc.jsonValue(), fc.constantFrom(1, true, "a", ["a"], ["oci://h/p"]));
  const object = (keys: object) => fc.dictionary(fc.constantFrom(...Object.keys(keys), "odd"), held);
  const hosts = fc.record({ hosts: fc.dictionary(fc.constantFrom("*", "h", "h:1", ""), object(HOST_KEYS)) });
  let understood = 0;
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), object(FILE_KEYS), hosts), (value) => {
      try {
        parse(value).of("h");
        understood += 1;
      } catch (error) {
        expect(error).toMatchObject({ code: "ERR_OCI_SETTINGS" });
      }
    }),
    { numRuns: 1000, seed: 4 },
  );
  expect(understood).toBeGreaterThan(50);
});

describe("the file", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "home-"));
  });
  afterEach(() => rm(home, { recursive: true }));

  test("is in the configuration directory, and is optional", async () => {
    expect(readRegistrySettings({ HOME: home }).retry).toEqual({});
    await mkdir(join(home, ".config", "spack-oci"), { recursive: true });
    await writeFile(join(home, ".config", "spack-oci", "registries.json"), '{"attempts":2}');
    expect(readRegistrySettings({ HOME: home }).retry).toEqual({ attempts: 2 });
    expect(readRegistrySettings({ HOME: home, XDG_CONFIG_HOME: join(home, "else") }).retry).toEqual({});
  });

  test("is the one in SPACK_OCI_REGISTRIES, which then must exist", async () => {
    const named = join(home, "mine.json");
    const environment = { HOME: home, SPACK_OCI_REGISTRIES: named };
    expect(() => readRegistrySettings(environment)).toThrow(
      expect.objectContaining({ code: "ERR_OCI_SETTINGS", place: named }),
    );
    await writeFile(named, '{"attempts":4}');
    expect(readRegistrySettings(environment).retry).toEqual({ attempts: 4 });
  });

  test("is named in the error if it is not JSON", async () => {
    const named = join(home, "mine.json");
    await writeFile(named, "attempts: 4");
    expect(() => readRegistrySettings({ SPACK_OCI_REGISTRIES: named })).toThrow(
      `${named} is malformed: it is not a JSON object`,
    );
  });
});
