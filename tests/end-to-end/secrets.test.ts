// A marker in every field that may hold a credential never appears in what a command prints.

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { scratchDirectory } from "../support/scratch.js";
import { spackPlace } from "../support/spack-instance.js";
import { startTestRegistry, type TestRegistry } from "../support/test-registry/test-registry.js";

const MARKER = "ghp_M4rk3rM4rk3rM4rk3rM4rk3r";
const BASIC = Buffer.from(`alice:${MARKER}`).toString("base64");
/** The user name and the password in one, as some tools store a token. */
const TOKEN_FOR_NAME = Buffer.from(`${MARKER}:${MARKER}`).toString("base64");
/** What must not appear: the marker, and how it is sent. */
const SECRETS = [MARKER, BASIC, TOKEN_FOR_NAME];

const place = spackPlace();
const directory = scratchDirectory("secrets");
const path = process.env["PATH"];
/** A port of this machine that nothing listens on. */
const UNREACHABLE = "127.0.0.1:1";

let denying: TestRegistry;
let basic: TestRegistry;
beforeAll(async () => {
  denying = await startTestRegistry({ auth: { kind: "bearer", users: { nobody: "x" } } });
  basic = await startTestRegistry({ auth: { kind: "basic", users: { nobody: "x" } } });
  process.env["PATH"] = `${join(directory, "bin")}${delimiter}${path}`;
});
afterAll(async () => {
  process.env["PATH"] = path;
  await denying.close();
  await basic.close();
});

let homes = 0;

function write(file: string, value: unknown): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  return file;
}

/** A fresh home with these files. */
function home(files: Record<string, unknown> = {}): NodeJS.ProcessEnv {
  homes += 1;
  const root = join(directory, `home-${homes}`);
  for (const [name, value] of Object.entries(files)) write(join(root, name), value);
  return { ...place.variables, HOME: root };
}

const hosts = () => [denying.host, basic.host, UNREACHABLE];
const forHosts = (entry: unknown) => Object.fromEntries(hosts().map((host) => [host, entry]));
const docker = (entry: unknown) => home({ ".docker/config.json": { auths: forHosts(entry) } });

/** Runs commands, with and without --json, and looks through everything they print. */
async function expectSilence(
  environment: NodeJS.ProcessEnv,
  commands: readonly (readonly string[])[],
): Promise<void> {
  for (const command of commands) {
    for (const json of [[], ["--json"]]) {
      const run = await spackOci([...command, ...json], {
        environment,
        secret: MARKER,
        mirrors: { retry: { attempts: 1, firstWait: 1, maxWait: 1 } },
      });
      expect(run.status, command.join(" ")).not.toBe(0);
      const printed = run.stdout + run.stderr;
      expect(printed.length).toBeGreaterThan(0);
      for (const secret of SECRETS) expect(printed, command.join(" ")).not.toContain(secret);
    }
  }
}

const onHosts = () =>
  hosts().flatMap((host) => [
    ["list", `oci+http://${host}/org/cache`],
    ["-e", place.environment, "push", "--dry-run", `oci+http://${host}/org/cache`],
    ["login", `oci+http://${host}`, "-u", "alice"],
  ]);

describe("files and variables of credentials", () => {
  it.each([
    ["auth", { auth: BASIC }],
    ["a token as the user name", { auth: TOKEN_FOR_NAME }],
    ["an auth that is not base64", { auth: MARKER }],
    ["username and password", { username: MARKER, password: MARKER }],
    ["identitytoken", { auth: BASIC, identitytoken: MARKER }],
    ["fields of other types", { auth: [MARKER], password: { x: MARKER }, identitytoken: [MARKER] }],
    ["registrytoken", { registrytoken: MARKER }],
  ])("docker's config.json: %s", (_, entry) => expectSilence(docker(entry), onHosts()));

  it.each([
    ["text instead of JSON", () => `{"auths": {"h": {"auth": "${MARKER}"`],
    ["an entry that is not an object", () => ({ auths: forHosts(MARKER) })],
    ["a password instead of entries", () => ({ auths: MARKER })],
  ])("docker's config.json: %s", (_, value) =>
    expectSilence(home({ ".docker/config.json": value() }), onHosts()),
  );

  it("a helper that prints its answer, and fails", async () => {
    const answer = JSON.stringify({ Username: "alice", Secret: MARKER });
    const helper = write(
      join(directory, "bin/docker-credential-leaky"),
      `#!/bin/sh\ncat > /dev/null\necho '${answer}'\nexit 1\n`,
    );
    chmodSync(helper, 0o755);
    await expectSilence(home({ ".docker/config.json": { credsStore: "leaky" } }), onHosts());
  });

  it("podman's auth.json", () =>
    expectSilence(home({ ".config/containers/auth.json": { auths: forHosts({ auth: BASIC }) } }), onHosts()));

  it("variables", async () => {
    const variables = { SPACK_OCI_USERNAME: MARKER, SPACK_OCI_PASSWORD: MARKER };
    await expectSilence({ ...home(), ...variables }, onHosts());
    const text = JSON.stringify({ auths: forHosts({ auth: BASIC }) });
    await expectSilence({ ...home(), DOCKER_AUTH_CONFIG: text }, onHosts());
    await expectSilence({ ...home(), DOCKER_AUTH_CONFIG: `${text}}` }, onHosts());
    const proxy = { http_proxy: `http://alice:${MARKER}@${UNREACHABLE}`, no_proxy: "" };
    await expectSilence({ ...home(), ...proxy }, onHosts());
  });

  it.each([
    [{ hosts: { [`alice:${MARKER}@ghcr.io`]: {} } }],
    [{ hosts: { "ghcr.io": { mirrors: [`oci://alice:${MARKER}@cache.example/x`] } } }],
    [{ hosts: { "ghcr.io": { password: MARKER } } }],
    [`{"hosts": "${MARKER}"`],
  ])("registries.json: %j", async (settings) => {
    const commands = [["list", `oci+http://${UNREACHABLE}/org/cache`]];
    await expectSilence(home({ ".config/spack-oci/registries.json": settings }), commands);
  });
});

describe("configured mirrors", () => {
  it.each([
    ["secret_variable", `access_pair: {id: alice, secret_variable: ${MARKER}}`],
    ["id_variable", `access_pair: {id_variable: ${MARKER}, secret_variable: ${MARKER}}`],
    ["access_token_variable", `access_token_variable: ${MARKER}`],
    ["variables that are set", "access_pair: {id: alice, secret_variable: MIRROR_WORD}"],
    ["a token that is set", "access_token_variable: MIRROR_WORD"],
    ["access_pair as a list", `access_pair: [alice, ${MARKER}]`],
    ["access_token", `access_token: ${MARKER}`],
  ])("%s", async (_, credentials) => {
    const urls = hosts().map(
      (host, i) => `  m${i}:\n    url: oci+http://${host}/org/cache\n    ${credentials}\n`,
    );
    const scope = place.scope({ "mirrors.yaml": `mirrors:\n${urls.join("")}` });
    const commands = hosts().flatMap((_host, i) => [
      ["-C", scope, "list", `m${i}`],
      ["-C", scope, "-e", place.environment, "push", "--dry-run", `m${i}`],
    ]);
    await expectSilence({ ...home(), MIRROR_WORD: MARKER }, commands);
  });

  it.each([`oci://alice:${MARKER}@registry.example/org/cache`, `https://alice:${MARKER}@127.0.0.1:1/cache`])(
    "a URL: %s",
    async (url) => {
      const scope = place.scope({ "mirrors.yaml": `mirrors:\n  m:\n    url: ${url}\n` });
      const push = ["-e", place.environment, "push", "--dry-run", "m"];
      await expectSilence(home(), [
        ["-C", scope, "list", "m"],
        ["-C", scope, ...push],
        ["-C", scope, "copy", "m", `oci-layout:${directory}/copy`],
      ]);
    },
  );
});

describe("URLs of arguments", () => {
  it.each([
    `oci://alice:${MARKER}@registry.example/org/cache`,
    `oci+http://alice:a/${MARKER}@registry.example/org/cache`,
    `oci://alice:a ${MARKER}@registry.example/org/cache`,
    `oci://${MARKER}@registry.example/org/cache`,
    `https://alice:${MARKER}@127.0.0.1:1/cache`,
    `alice:${MARKER}@registry.example/org/cache`,
  ])("%s", async (url) => {
    await expectSilence(home(), [
      ["list", url],
      ["-e", place.environment, "push", "--dry-run", url],
      ["login", url, "-u", "alice"],
      ["logout", url],
      ["copy", url, `oci-layout:${directory}/copy`],
    ]);
  });
});
