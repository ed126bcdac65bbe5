// Signing as a job of CI and requiring its identity, by the command itself: with an issuer of tokens, Fulcio, Rekor and the
// repository of their authorities on this machine.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import {
  type FakeSigstore,
  identityToken,
  startFakeSigstore,
} from "../../packages/signatures/test/support/fake-sigstore.js";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { buildCommand, type ProcessEnd, startCommand } from "../support/command-process.js";
import { githubVariables } from "../support/github-variables.js";
import { startEmptyMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";

const PACKAGE = "json-c-lite";
const IDENTITY = "https://github.com/me/cache/.github/workflows/build.yml@refs/heads/main";
const ISSUER = "https://token.actions.githubusercontent.com";
/** Milliseconds: each step is a process that loads libraries of Sigstore. */
const TIMEOUT = 300_000;
const REQUEST_TOKEN = "may-request-tokens";
const JOB = githubVariables("me/cache", "build.yml");

let sigstore: FakeSigstore;
let others: FakeSigstore;
let github: Server;
let asked: IncomingMessage[];
let mirror: TestMirror;
let root: string;
let config: string;
let cache: string;

beforeAll(async () => {
  buildCommand();
  sigstore = await startFakeSigstore();
  others = await startFakeSigstore();
  github = createServer((request, response) => {
    asked.push(request);
    const isAllowed = request.headers.authorization === `Bearer ${REQUEST_TOKEN}`;
    response.writeHead(isAllowed ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(isAllowed ? { value: identityToken(IDENTITY, ISSUER) } : {}));
  });
  await new Promise<void>((resolve) => github.listen(0, "127.0.0.1", resolve));
}, TIMEOUT);
afterAll(() => {
  sigstore.close();
  others.close();
  github.close();
});

beforeEach(async () => {
  asked = [];
  mirror = await startEmptyMirror();
  root = join(scratchDirectory("root"), "store");
  [config, cache] = [scratchDirectory("config"), scratchDirectory("cache")];
  return () => mirror.registry.close();
});

type Ended = Pick<ProcessEnd, "status" | "stdout" | "stderr">;

/** Sigstore's library reads the variables of the process. */
async function run(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const own = Object.entries(variables).filter(([name]) => /^(?:ACTIONS|SIGSTORE)_/.test(name));
  for (const [name, value] of own) process.env[name] = value;
  const environment = { HOME: "/nonexistent", XDG_CONFIG_HOME: config, XDG_CACHE_HOME: cache, ...variables };
  try {
    return await spackOci(args, { environment });
  } finally {
    for (const [name] of own) delete process.env[name];
  }
}

/** The same in a process, as a job runs it. */
function runProcess(args: readonly string[], variables: NodeJS.ProcessEnv): Promise<Ended> {
  return startCommand(args, { XDG_CONFIG_HOME: config, XDG_CACHE_HOME: cache, ...variables }).ended;
}

const services = ({ url }: FakeSigstore) => ({ SPACK_OCI_FULCIO_URL: url, SPACK_OCI_REKOR_URL: url });

/** What GitHub gives to a job with the permission `id-token: write`. */
const githubJob = (token = REQUEST_TOKEN) => ({
  ...JOB,
  ...services(sigstore),
  ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}/token?x=1`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
});

const gitlabJob = (identity = IDENTITY, at = sigstore) => ({
  ...services(at),
  SIGSTORE_ID_TOKEN: identityToken(identity, ISSUER),
});

async function push(environment: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ended> {
  return run(pushOf(...args), environment);
}

function pushOf(...args: readonly string[]): readonly string[] {
  const command = [
    "push",
    mirror.mirror,
    PACKAGE,
    "--store",
    extractSampleStore(),
    "--without-build-dependencies",
  ];
  return [...command, "--sign-keyless", "--update-index", ...args];
}

function pull(...args: readonly string[]): Promise<Ended> {
  rmSync(root, { recursive: true, force: true });
  return run(["pull", mirror.mirror, PACKAGE, "--root", root, ...args]);
}

const identified = (identity = IDENTITY, issuer = ISSUER, { trustedRoot } = sigstore) => [
  ...["--verify-identity", identity, "--verify-issuer", issuer, "--trusted-root", trustedRoot],
];

/** Names of the packages in the store. */
function installed(): readonly string[] {
  const prefixes = join(root, "linux-x86_64_v3");
  const names = existsSync(prefixes) ? readdirSync(prefixes) : [];
  return names.filter((name) => !name.startsWith(".")).map((name) => name.replace(/-\d.*$/, ""));
}

function expectInstalled(result: Ended): void {
  expect(result.status, result.stderr).toBe(0);
  expect(installed()).toContain(PACKAGE);
}

function expectRejected(result: Ended, reason: RegExp): void {
  expect(result.status, result.stderr).toBe(8);
  expect(result.stdout + result.stderr).toMatch(reason);
  expect(installed()).not.toContain(PACKAGE);
}

it(
  "signs packages, provenance and the index in a job of GitHub, and requires its identity",
  async () => {
    expect(await runProcess(pushOf("--provenance"), githubJob())).toMatchObject({ status: 0 });
    expect(asked[0]?.url).toBe("/token?x=1&audience=sigstore");
    expectInstalled(await pull(...identified()));
    const pattern = ["--verify-identity-regexp", "https://github\\.com/me/.*", "--verify-issuer", ISSUER];
    expectInstalled(await pull(...pattern, "--trusted-root", sigstore.trustedRoot));
    const check = await runProcess(["check", mirror.mirror, ...identified()], {});
    expect(check).toMatchObject({ status: 0 });
  },
  TIMEOUT,
);

it(
  "rejects everybody else",
  async () => {
    expect(await push(gitlabJob())).toMatchObject({ status: 0 });
    expectInstalled(await pull(...identified()));
    expectRejected(
      await pull(...identified(`${IDENTITY}-2`)),
      /it is signed by https:\/\/github\.com\/me\/cache/,
    );
    expectRejected(
      await pull(...identified(IDENTITY, "https://gitlab.com")),
      /issuer https:\/\/token\.actions/,
    );
    expectRejected(await pull(...identified(IDENTITY, ISSUER, others)), /certificate|inclusion|log/i);
    const part = ["--verify-identity-regexp", "https://github\\.com/m", "--verify-issuer", ISSUER];
    expectRejected(await pull(...part, "--trusted-root", sigstore.trustedRoot), /it is signed by/);
  },
  TIMEOUT,
);

it(
  "rejects packages of another job, and packages without their entry in the log",
  async () => {
    expect(await push(gitlabJob())).toMatchObject({ status: 0 });
    const { tags, manifests } = mirror.repository;
    const tag = tagIn(mirror.repository, PACKAGE);
    const list = (tags.get(tag) ?? "").replace(":", "-");
    const { manifests: referrers } = JSON.parse(manifests.get(tags.get(list) ?? "")?.bytes.toString() ?? "");
    const annotations = referrers[0].annotations;
    const bundle = JSON.parse(annotations["dev.spack-oci.sigstore.bundle"]);
    bundle.verificationMaterial.tlogEntries = [];
    annotations["dev.spack-oci.sigstore.bundle"] = JSON.stringify(bundle);
    const index = {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: referrers,
    };
    mirror.repository.putManifest(index.mediaType, Buffer.from(JSON.stringify(index)), list);
    expectRejected(await pull(...identified()), /expected 1 timestamps, got 0/);
    tags.delete(list);
    const other = await run(["sign", mirror.mirror, PACKAGE, "--keyless"], gitlabJob("https://evil.example"));
    expect(other).toMatchObject({ status: 0 });
    expectRejected(
      await pull(...identified(), "--unsigned-index"),
      /it is signed by https:\/\/evil\.example/,
    );
  },
  TIMEOUT,
);

it(
  "follows a policy with identities, by which a job also knows its own index",
  async () => {
    const identities = [{ identityPattern: "https://github\\.com/me/.*", issuer: ISSUER }];
    const rule = { identities, trustedRoot: sigstore.trustedRoot };
    mkdirSync(join(config, "spack-oci"));
    const policy = JSON.stringify({ mirrors: { [mirror.mirror]: rule } });
    writeFileSync(join(config, "spack-oci", "policy.json"), policy, { mode: 0o600 });
    const first = await push(gitlabJob());
    expect(first, first.stderr).toMatchObject({ status: 0 });
    const again = await push(gitlabJob(), "--force");
    expect(again, again.stderr).toMatchObject({ status: 0 });
    expect(again.stderr).not.toContain("every package is read again");
    expectInstalled(await pull());
    // Signed by other authorities, the same name is another identity.
    expect(await push(gitlabJob(IDENTITY, others), "--force")).toMatchObject({ status: 0 });
    expectRejected(await pull(), /certificate|inclusion|log/i);
  },
  TIMEOUT,
);

it(
  "updates the authorities from their repository, and trusts no other",
  async () => {
    expect(await push(gitlabJob())).toMatchObject({ status: 0 });
    const [own, foreign] = await Promise.all([startTuf(sigstore), startTuf(others)]);
    try {
      const args = ["pull", mirror.mirror, PACKAGE, "--root", root, ...identified().slice(0, 4)];
      expectInstalled(await run(args, own.environment));
      rmSync(root, { recursive: true, force: true });
      const { SPACK_OCI_TUF_URL } = foreign.environment;
      const other = { ...own.environment, SPACK_OCI_TUF_URL, XDG_CACHE_HOME: scratchDirectory("cache") };
      const misled = await run(args, other);
      expect(misled).toMatchObject({
        status: 6,
        stderr: expect.stringContaining("trusted root of Sigstore"),
      });
      expect(existsSync(root)).toBe(false);
    } finally {
      own.stop();
      foreign.stop();
    }
  },
  TIMEOUT,
);

it(
  "signs nothing in a job without an identity, and shows no token",
  async () => {
    const { status, stdout, stderr } = await push(githubJob("wrong"));
    expect(status).not.toBe(0);
    expect(stdout + stderr).toContain("Signing without a key failed");
    expect(stdout + stderr).not.toContain("wrong");
    expect([...mirror.repository.tags.keys()].filter((tag) => tag.endsWith(".spack"))).toEqual([]);
    const outside = await push({});
    expect(outside.stdout + outside.stderr).toContain("id-token: write");
  },
  TIMEOUT,
);

/** Serves the authorities as Sigstore does. */
async function startTuf({ trustedRoot }: FakeSigstore) {
  const support = new URL("../../packages/signatures/test/support/tuf-repository.mjs", import.meta.url);
  const child = spawn(process.execPath, [fileURLToPath(support), readFileSync(trustedRoot, "utf8")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  const { mirrorURL, root: metadata } = JSON.parse(String(value));
  const path = join(scratchDirectory("tuf"), "root.json");
  writeFileSync(path, JSON.stringify(metadata));
  return {
    environment: { SPACK_OCI_TUF_URL: String(mirrorURL), SPACK_OCI_TUF_ROOT: path },
    stop: () => void child.kill(),
  };
}
