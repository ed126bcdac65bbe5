// Every command with a password that works: it appears in no output, and in no file but the one that a login writes.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { startMirror, type TestMirror } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { spackPlace } from "../support/spack-instance.js";

const MARKER = "ghp_M4rk3rM4rk3rM4rk3rM4rk3r";
const SECRETS = [MARKER, Buffer.from(`alice:${MARKER}`).toString("base64")];

const place = spackPlace();
const directory = scratchDirectory("secrets-of-commands");
const layout = `oci-layout:${fixture("oci-layout-main")}`;

let mirror: TestMirror;
let empty: TestMirror;
beforeAll(async () => {
  const users = { alice: MARKER };
  mirror = await startMirror({ auth: { kind: "bearer", users } });
  empty = await startMirror({ auth: { kind: "basic", users } });
});
afterAll(async () => {
  await mirror.registry.close();
  await empty.registry.close();
});

function write(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Where each kind of credential is kept; the variables to run with, and a scope with the mirrors `m` and `n`. */
function surroundings(kind: string) {
  const home = join(directory, kind);
  const hosts = [mirror, empty].map(({ registry }) => registry.host);
  const auth = Buffer.from(`alice:${MARKER}`).toString("base64");
  const config = JSON.stringify({ auths: Object.fromEntries(hosts.map((host) => [host, { auth }])) });
  const pair = kind === "mirror" ? "access_pair: {id: alice, secret_variable: MIRROR_WORD}" : "signed: false";
  const entries = [mirror, empty].map(({ mirror: url }, at) => `  ${"mn"[at]}: {url: "${url}", ${pair}}\n`);
  const scope = place.scope({
    "mirrors.yaml": `mirrors:\n${entries.join("")}`,
    "config.yaml": `config:\n  install_tree: {root: ${home}/store}\n`,
  });
  mkdirSync(home, { recursive: true });
  if (kind === "docker") write(join(home, ".docker/config.json"), config);
  const variables: Record<string, NodeJS.ProcessEnv> = {
    variables: { SPACK_OCI_USERNAME: "alice", SPACK_OCI_PASSWORD: MARKER },
    gitlab: { DOCKER_AUTH_CONFIG: config },
    mirror: { MIRROR_WORD: MARKER },
  };
  return { home, scope, environment: { ...place.variables, HOME: home, ...variables[kind] } };
}

/** Every command; `from` is a reader of everything, and `to` a buildcache that may be changed. */
function commands(home: string): readonly (readonly string[])[] {
  return [
    ["list", "m"],
    ["show", "m", "json-c-lite"],
    ["check", "m", "--deep"],
    ["audit", "m"],
    ["diff", "m", "n"],
    ["pull", "m", "json-c-lite", "--root", join(home, "own")],
    ["push", "n", "--store", join(home, "own"), "--force", "--update-index"],
    ["push", "n", "--store", join(home, "own"), "--base-image", `${mirror.mirror}:absent`],
    ["image", "n", "json-c-lite", "--tag", "image"],
    ["update-index", "n"],
    ["copy", "m", `oci-layout:${join(home, "copy")}`],
    ["copy", layout, "n", "--delete", "--yes"],
    ["repair", "n", "json-c-lite", "--relocate-to", "/o", "--dry-run"],
    ["repair", "n", "json-c-lite", "--relocate-to", "/o"],
    ["prune", "n", "--older-than", "1d", "--dry-run"],
    ["prune", "n", "--keep-env", place.environment, "--yes"],
    ["reindex", "--store", join(home, "own")],
    ["config", "mirrors"],
    ["cache"],
    ["cache", "--clean"],
    ["logout", mirror.registry.host],
  ];
}

function filesBelow(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function expectNoSecret(text: string, what: string): void {
  for (const secret of SECRETS) expect(text.includes(secret), what).toBe(false);
}

describe.each(["mirror", "variables", "docker", "gitlab"])("with credentials in: %s", (kind) => {
  it("no command prints or stores them", async () => {
    const { home, scope, environment } = surroundings(kind);
    const ended: string[] = [];
    for (const command of commands(home)) {
      const run = await spackOci(["-C", scope, ...command, ...(kind === "mirror" ? [] : ["--json"])], {
        environment,
      });
      ended.push(`${command[0]} ${run.status}`);
      expectNoSecret(run.stdout + run.stderr, command.join(" "));
    }
    // The credentials were really used.
    for (const name of ["list", "show", "pull", "copy", "image"]) expect(ended).toContain(`${name} 0`);
    const files = filesBelow(home);
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      if (!file.endsWith(".docker/config.json")) expectNoSecret(readFileSync(file, "latin1"), file);
    }
  }, 60_000);
});

it("a login stores the password in docker's file alone, and does not print it", async () => {
  const home = join(directory, "login");
  mkdirSync(home);
  const environment = { HOME: home };
  const run = await spackOci(["login", `oci+http://${empty.registry.host}`, "-u", "alice"], {
    environment,
    secret: MARKER,
  });
  expect(run.status).toBe(0);
  expectNoSecret(run.stdout + run.stderr, "login");
  const files = filesBelow(home);
  expect(files).toEqual([join(home, ".docker/config.json")]);
  const out = await spackOci(["logout", empty.registry.host], { environment });
  expect(out.status).toBe(0);
  for (const file of files) expectNoSecret(readFileSync(file, "latin1"), file);
});

it("the configuration is shown without passwords in the place of names", async () => {
  const scope = place.scope({
    "mirrors.yaml": `mirrors:
  a: {url: "oci://alice:${MARKER}@ghcr.io/org", access_pair: {id: ${MARKER}, secret_variable: ${MARKER}}}
  b: {url: "oci://ghcr.io/org", push: {access_token_variable: ${MARKER}}}
`,
  });
  const commands = [
    ["config", "mirrors"],
    ["mirror", "list"],
  ].flatMap((command) => [command, [...command, "--json"]]);
  for (const command of commands) {
    const run = await spackOci(["-C", scope, ...command], { environment: place.variables });
    expect(run.status).toBe(0);
    expect(run.stdout).toContain("***");
    expectNoSecret(run.stdout + run.stderr, command.join(" "));
  }
});
