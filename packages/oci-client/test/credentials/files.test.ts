// Credentials in files and helpers, in the order and spellings of other tools.

import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseAuthFile } from "../../src/credentials/auth-file.js";
import { defaultCredentials } from "../../src/credentials/default-credentials.js";
import { fileCredentials } from "../../src/credentials/docker-config.js";
import { getFromHelper } from "../../src/credentials/helper.js";
import { eraseCredential, storeCredential } from "../../src/credentials/store.js";

let home: string;
let environment: NodeJS.ProcessEnv;
const path = process.env["PATH"];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "home-"));
  environment = { HOME: home };
  await mkdir(join(home, "bin"));
  process.env["PATH"] = `${join(home, "bin")}${delimiter}${path}`;
});
afterEach(async () => {
  process.env["PATH"] = path;
  await rm(home, { recursive: true, force: true });
});

const auth = (text: string) => ({ auth: Buffer.from(text).toString("base64") });
const config = () => join(home, ".docker", "config.json");

async function write(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof value === "string" ? value : JSON.stringify(value));
}

/** A helper that keeps one secret per server in a directory, and logs its requests. */
async function installHelper(name: string, script?: string): Promise<void> {
  const file = join(home, "bin", `docker-credential-${name}`);
  const store = join(home, `${name}-store`);
  await mkdir(store);
  await writeFile(
    file,
    script ??
      `#!/usr/bin/env node
const fs = require("node:fs");
const input = fs.readFileSync(0, "utf8").trim();
const file = (server) => "${store}/" + encodeURIComponent(server);
fs.appendFileSync("${store}.log", process.argv.slice(2).join(" ") + " " + (process.argv[2] === "store" ? JSON.parse(input).ServerURL : input) + "\\n");
if (process.argv[2] === "store") fs.writeFileSync(file(JSON.parse(input).ServerURL), input);
else if (!fs.existsSync(file(input))) { console.log("credentials not found in native keychain"); process.exit(1); }
else if (process.argv[2] === "get") console.log(fs.readFileSync(file(input), "utf8"));
else fs.unlinkSync(file(input));
`,
  );
  await chmod(file, 0o755);
}

/** Whether a process, or with a negative id any process of a group, exists. */
function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

const found = async (host: string, repository = "org/name") =>
  defaultCredentials({ environment })(host, repository);

describe("the order", () => {
  const user = (credential: unknown) => (credential as { username?: string } | undefined)?.username;

  test("is environment, mirrors, docker, podman, anonymous", async () => {
    await write(join(home, ".config", "containers", "auth.json"), {
      auths: { h: auth("podman:x"), p: auth("podman:x") },
    });
    await write(config(), { auths: { h: auth("docker:x"), d: auth("docker:x") } });
    const mirrors = [
      { host: "h", repository: "org", username: "mirror", password: "x", source: 'mirror "m"' },
    ];
    const ask = async (env: NodeJS.ProcessEnv, host: string) =>
      user(
        await defaultCredentials({ environment: { ...environment, ...env }, repositories: mirrors })(
          host,
          "org/name",
        ),
      );
    const variables = { SPACK_OCI_USERNAME: "variable", SPACK_OCI_PASSWORD: "x" };
    expect(await ask(variables, "h")).toBe("variable");
    expect(await ask({ ...variables, SPACK_OCI_PASSWORD: "" }, "h")).toBe("mirror");
    expect(await ask({}, "d")).toBe("docker");
    expect(await ask({}, "p")).toBe("podman");
    expect(await ask({}, "nobody")).toBeUndefined();
    expect(await ask({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { d: auth("gitlab:x") } }) }, "d")).toBe(
      "gitlab",
    );
  });

  test("lesson 40: lists every place", () => {
    const { sources = [] } = defaultCredentials({ environment });
    expect(sources.join("\n")).toContain("SPACK_OCI_USERNAME");
    expect(sources).toContain(config());
    expect(sources).toContain(join(home, ".config", "containers", "auth.json"));
  });

  test("restricts the environment to the given hosts", async () => {
    const variables = { ...environment, SPACK_OCI_USERNAME: "u", SPACK_OCI_PASSWORD: "p" };
    const credentials = defaultCredentials({ environment: variables, hosts: ["ghcr.io"] });
    expect(user(await credentials("ghcr.io", "a/b"))).toBe("u");
    expect(await credentials("index.docker.io", "library/ubuntu")).toBeUndefined();
  });

  test("keeps the credentials of two organizations on one host apart", async () => {
    const mirror = (repository: string, username?: string) => ({
      host: "ghcr.io",
      repository,
      password: "x",
      source: "m",
      ...(username && { username }),
    });
    const credentials = defaultCredentials({
      environment,
      repositories: [mirror("org", "a"), mirror("org/deep", "b"), mirror("organization")],
    });
    expect(user(await credentials("ghcr.io", "org/x"))).toBe("a");
    expect(user(await credentials("ghcr.io", "org/deep/er"))).toBe("b");
    expect(user(await credentials("ghcr.io", "organization/x"))).toBe("token");
    expect(await credentials("ghcr.io", "other/x")).toBeUndefined();
  });
});

test("matches Docker Hub under all of its names, and ignores default ports", async () => {
  const mirror = (host: string) => [{ host, repository: "org", username: "me", password: "x", source: "m" }];
  const ask = (mirrors: ReturnType<typeof mirror>, host: string) =>
    defaultCredentials({ environment, repositories: mirrors })(host, "org/x");
  expect(await ask(mirror("index.docker.io"), "registry-1.docker.io")).toBeDefined();
  expect(await ask(mirror("GHCR.io:443"), "ghcr.io")).toBeDefined();
  expect(await ask(mirror("ghcr.io:5000"), "ghcr.io")).toBeUndefined();
});

describe("lesson 36: keys", () => {
  test.each([
    ["ghcr.io", "ghcr.io"],
    ["https://ghcr.io", "ghcr.io"],
    ["https://ghcr.io/", "ghcr.io"],
    ["https://ghcr.io/v1/", "ghcr.io"],
    ["ghcr.io/v2/", "ghcr.io"],
    ["https://index.docker.io/v1/", "index.docker.io"],
    ["https://index.docker.io/v1/", "registry-1.docker.io"],
    ["docker.io", "index.docker.io"],
    ["localhost:5000", "localhost:5000"],
  ])("%s is for %s", async (key, host) => {
    await write(config(), { auths: { [key]: auth("me:x") } });
    expect(await found(host)).toMatchObject({ username: "me" });
  });

  test.each([
    ["ghcr.io", "evil-ghcr.io"],
    ["evil-ghcr.io", "ghcr.io"],
    ["ghcr.io.evil.example", "ghcr.io"],
    ["localhost:5000", "localhost:5001"],
    ["localhost", "localhost:5000"],
    ["ghcr.io/other", "ghcr.io"],
    ["ghcr.io/org/nam", "ghcr.io"],
  ])("%s is not for %s", async (key, host) => {
    await write(config(), { auths: { [key]: auth("me:x") } });
    expect(await found(host)).toBeUndefined();
  });

  test("podman's keys may be scoped by path, and the longest match wins", async () => {
    const auths = {
      q: auth("host:x"),
      "q/org": auth("org:x"),
      "q/org/name": auth("name:x"),
      "q/org/names": auth("no:x"),
    };
    environment["REGISTRY_AUTH_FILE"] = join(home, "elsewhere.json");
    await write(join(home, "elsewhere.json"), { auths });
    expect(await found("q", "org/name")).toMatchObject({ username: "name" });
    expect(await found("q", "org/name/deep")).toMatchObject({ username: "name" });
    expect(await found("q", "org/else")).toMatchObject({ username: "org" });
    expect(await found("q", "else")).toMatchObject({ username: "host" });
  });

  test("podman's file of the session comes before the permanent one", async () => {
    environment["XDG_RUNTIME_DIR"] = join(home, "run");
    await write(join(home, "run", "containers", "auth.json"), { auths: { h: auth("session:x") } });
    await write(join(home, ".config", "containers", "auth.json"), { auths: { h: auth("lasting:x") } });
    expect(await found("h")).toMatchObject({ username: "session" });
  });
});

describe("entries", () => {
  test.each([
    [auth("me:pass:word"), { kind: "basic", username: "me", password: "pass:word" }],
    [auth("me:secret\0\0"), { kind: "basic", username: "me", password: "secret" }],
    [
      { username: "me", password: "x" },
      { kind: "basic", username: "me", password: "x" },
    ],
    [
      { ...auth("me:x"), identitytoken: "refresh" },
      { kind: "identity-token", token: "refresh", username: "me" },
    ],
    [{}, undefined],
    [{ auth: "" }, undefined],
  ])("%j", async (entry, expected) => {
    await write(config(), { auths: { h: entry } });
    const credential = await found("h");
    if (expected === undefined) expect(credential).toBeUndefined();
    else expect(credential).toMatchObject(expected);
  });

  test.each([
    [{ auth: "bm8gY29sb24=" }, "the auth of h is not USERNAME:PASSWORD in base64"],
    [{ auth: 5 }, "the auth of h is not a text"],
    [{ username: "me", password: ["x"] }, "the password of h is not a text"],
    [{ identitytoken: {} }, "the identitytoken of h is not a text"],
  ])("%j cannot be read: an error, rather than an anonymous request", async (entry, why) => {
    await write(config(), { auths: { h: entry, other: auth("me:x") } });
    await expect(found("h")).rejects.toMatchObject({
      kind: "usage",
      code: "ERR_OCI_AUTH_FILE",
      message: expect.stringContaining(why),
    });
    expect(await found("other")).toMatchObject({ username: "me" });
  });

  test.each([
    "nonsense",
    "[]",
    '{"credsStore":1}',
    '{"auths":[]}',
    '{"auths":{"h":"x"}}',
    '{"credHelpers":{"h":1}}',
  ])("a malformed file (%s) is an error that names it", async (text) => {
    await write(config(), text);
    await expect(found("h")).rejects.toMatchObject({
      kind: "usage",
      code: "ERR_OCI_AUTH_FILE",
      place: config(),
    });
  });

  test("any JSON is accepted or rejected", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        try {
          parseAuthFile(text, "here");
        } catch (error) {
          expect(error).toMatchObject({ code: "ERR_OCI_AUTH_FILE" });
        }
      }),
    );
  });

  test("an empty file and a missing one have no credentials", async () => {
    expect(await found("h")).toBeUndefined();
    await write(config(), "");
    expect(await found("h")).toBeUndefined();
  });

  test("DOCKER_CONFIG names another directory", async () => {
    environment["DOCKER_CONFIG"] = join(home, "ci");
    await write(join(home, "ci", "config.json"), { auths: { h: auth("ci:x") } });
    expect(await found("h")).toMatchObject({ username: "ci" });
  });
});

describe("helpers", () => {
  const stored = async (name: string, server: string, username: string) =>
    writeFile(
      join(home, `${name}-store`, encodeURIComponent(server)),
      JSON.stringify({ Username: username, Secret: "s" }),
    );

  test("the helper of a host comes before the store, and the store before the file", async () => {
    await installHelper("one");
    await installHelper("two");
    await stored("one", "h", "from-one");
    await stored("two", "other", "from-two");
    await write(config(), {
      credHelpers: { h: "one" },
      credsStore: "two",
      auths: { h: auth("f:x"), other: {}, third: auth("file:x") },
    });
    expect(await found("h")).toMatchObject({ username: "from-one", source: "docker-credential-one" });
    expect(await found("other")).toMatchObject({ username: "from-two" });
    expect(await found("third")).toMatchObject({ username: "file" });
    expect(await found("nobody")).toBeUndefined();
  });

  test("lesson 36: asks a helper for the exact key that it was given", async () => {
    await installHelper("one");
    await stored("one", "https://index.docker.io/v1/", "hub");
    await stored("one", "https://odd.example/v1/", "odd");
    await write(config(), { credsStore: "one", auths: { "https://odd.example/v1/": {} } });
    expect(await found("index.docker.io")).toMatchObject({ username: "hub" });
    expect(await found("odd.example")).toMatchObject({ username: "odd" });
  });

  test("lesson 37: <token> marks an identity token, and answers need no ServerURL", async () => {
    await installHelper("one");
    await stored("one", "h", "<token>");
    await write(config(), { credsStore: "one" });
    expect(await found("h")).toEqual({ kind: "identity-token", token: "s", source: "docker-credential-one" });
  });

  test("one that is not installed has no credentials, but is listed among the places", async () => {
    await write(config(), { credsStore: "desktop", auths: { h: auth("file:x") } });
    expect(await found("h")).toMatchObject({ username: "file" });
    const credentials = fileCredentials(config());
    await credentials("nobody", "x");
    expect(credentials.sources).toContain("docker-credential-desktop");
  });

  test("one that is not installed leaves no timer behind, which would keep the process alive", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    expect(await getFromHelper("missing", "h")).toBeUndefined();
    expect(timers()).toBe(before);
  });

  test.each([
    ["hangs", "exec sleep 600"],
    ["has a child that hangs", "sleep 600"],
  ])("one that %s is given up with its children", async (_, script) => {
    await installHelper("slow", `#!/bin/sh\necho $$ > ${home}/pid\n${script}\n`);
    const start = performance.now();
    await expect(getFromHelper("slow", "h", { timeout: 500 })).rejects.toMatchObject({
      code: "ERR_OCI_CREDENTIAL_HELPER",
      message: "docker-credential-slow failed: it did not answer within 0.5 seconds.",
    });
    expect(performance.now() - start).toBeLessThan(10_000);
    const group = -Number(await readFile(join(home, "pid"), "utf8"));
    // A killed process stays until its parent has noticed.
    await expect.poll(() => isAlive(group), { timeout: 10_000 }).toBe(false);
  });

  test("one that leaves an agent behind, which holds its output, has answered", async () => {
    const answer = JSON.stringify({ Username: "a", Secret: "b" });
    await installHelper("agent", `#!/bin/sh\necho '${answer}'\nsleep 600 &\necho $! > ${home}/agent\n`);
    expect(await getFromHelper("agent", "h")).toMatchObject({ username: "a", password: "b" });
    const agent = Number(await readFile(join(home, "agent"), "utf8"));
    expect(isAlive(agent)).toBe(true);
    process.kill(agent);
  });

  test("one that hangs is given up when the signal is aborted", async () => {
    await installHelper("hanging", `#!/bin/sh\necho $$ > ${home}/pid2\nexec sleep 600\n`);
    const abort = new AbortController();
    const asked = getFromHelper("hanging", "h", { signal: abort.signal });
    const pid = () => readFile(join(home, "pid2"), "utf8").catch(() => "");
    await expect.poll(pid, { timeout: 10_000 }).toMatch(/\d\n/);
    const reason = new Error("enough");
    abort.abort(reason);
    await expect(asked).rejects.toBe(reason);
    const group = -Number(await pid());
    await expect.poll(() => isAlive(group), { timeout: 10_000 }).toBe(false);
  });

  test("one that fails is an error, and one with a path for a name does not run", async () => {
    await installHelper("broken", "#!/bin/sh\necho 'the keyring is locked'; exit 1\n");
    await write(config(), { credsStore: "broken" });
    await expect(found("h")).rejects.toThrow("docker-credential-broken failed: the keyring is locked");
    await write(config(), { credsStore: "../../bin/sh" });
    await expect(found("h")).rejects.toMatchObject({ code: "ERR_OCI_CREDENTIAL_HELPER", kind: "usage" });
  });
});

describe("storing and erasing", () => {
  const credential = { username: "me", password: "pass:wörd" };

  test("without a helper, writes docker's file: only its owner can read it, and the rest of it stays", async () => {
    await write(config(), { auths: { other: auth("o:x") }, HttpHeaders: { a: "b" } });
    expect(await storeCredential("ghcr.io", credential, { environment })).toEqual({
      place: config(),
      plaintext: true,
    });
    expect((await stat(config())).mode & 0o777).toBe(0o600);
    const value = JSON.parse(await readFile(config(), "utf8"));
    expect(value).toEqual({
      auths: { other: auth("o:x"), "ghcr.io": auth("me:pass:wörd") },
      HttpHeaders: { a: "b" },
    });
    expect(await found("ghcr.io")).toMatchObject(credential);
    expect(await eraseCredential("ghcr.io", { environment })).toEqual({ place: config(), plaintext: true });
    expect(await found("ghcr.io")).toBeUndefined();
    expect(await found("other")).toMatchObject({ username: "o" });
    expect(await eraseCredential("ghcr.io", { environment })).toBeUndefined();
  });

  test("creates a private directory, and keeps a config that is a link", async () => {
    await storeCredential("h", credential, { environment });
    expect((await stat(join(home, ".docker"))).mode & 0o777).toBe(0o700);
    await write(join(home, "real.json"), {});
    await rm(config());
    await symlink(join(home, "real.json"), config());
    await storeCredential("h", credential, { environment });
    expect(JSON.parse(await readFile(join(home, "real.json"), "utf8")).auths).toHaveProperty("h");
  });

  test("with a helper, the file holds no secret", async () => {
    await installHelper("one");
    await write(config(), { credsStore: "one" });
    const place = { place: "docker-credential-one", plaintext: false };
    expect(await storeCredential("index.docker.io", credential, { environment })).toEqual(place);
    expect(await readFile(config(), "utf8")).not.toContain(Buffer.from("me:").toString("base64").slice(0, 3));
    expect(await found("index.docker.io")).toMatchObject(credential);
    expect(await eraseCredential("index.docker.io", { environment })).toEqual(place);
    expect(await found("index.docker.io")).toBeUndefined();
  });

  test("does not overwrite a malformed file", async () => {
    await write(config(), "{ not json");
    await expect(storeCredential("h", credential, { environment })).rejects.toMatchObject({
      code: "ERR_OCI_AUTH_FILE",
    });
    expect(await readFile(config(), "utf8")).toBe("{ not json");
  });
});
