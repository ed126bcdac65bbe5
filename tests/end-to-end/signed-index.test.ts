// The index decides what a name means. Readers who require signatures use none that is unsigned, of somebody else, of
// another repository, or old.

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { type CommandRun, spackOci } from "../support/command-line.js";
import { startMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { writeKeys } from "../support/signing-keys.js";

const PACKAGE = "json-c-lite";
const BUNDLE = "dev.spack-oci.index.bundle";
const scratch = scratchDirectory("signed-index");
const owner = writeKeys(scratch, "owner");
const attacker = writeKeys(scratch, "attacker");

let mirror: TestMirror;
let root: string;
let environment: NodeJS.ProcessEnv;

beforeEach(async () => {
  mirror = await startMirror();
  root = join(scratchDirectory("root"), "store");
  const [config, cache] = [scratchDirectory("config"), scratchDirectory("cache")];
  environment = { HOME: "/nonexistent", XDG_CONFIG_HOME: config, XDG_CACHE_HOME: cache };
  await run("sign", mirror.mirror, "--key", owner.key);
  return () => mirror.registry.close();
});

/** Runs a command that has to succeed. */
async function run(...args: readonly string[]): Promise<CommandRun> {
  const result = await spackOci(args, { environment });
  expect(result.status, result.stderr).toBe(0);
  return result;
}

function pull(...args: readonly string[]): Promise<CommandRun> {
  const command = ["pull", mirror.mirror, PACKAGE, "--root", root, "--verify-key", owner.pub, ...args];
  return spackOci(command, { environment });
}

function isInstalled(): boolean {
  const prefixes = join(root, "linux-x86_64_v3");
  return existsSync(prefixes) && readdirSync(prefixes).length > 0;
}

interface IndexManifest {
  layers: { digest: string; size: number }[];
  annotations: Record<string, string>;
}

/** Changes the manifest of the index, as somebody with write access can. */
function changeIndex(change: (manifest: IndexManifest) => void): void {
  const { repository } = mirror;
  const stored = repository.manifests.get(repository.tags.get("index.spack") ?? "");
  const manifest = JSON.parse(stored?.bytes.toString() ?? "") as IndexManifest;
  change(manifest);
  repository.putManifest(stored?.mediaType ?? "", Buffer.from(JSON.stringify(manifest)), "index.spack");
}

/** The bytes of the index that is under the tag now. */
function currentIndex(): Buffer {
  const { repository } = mirror;
  return repository.manifests.get(repository.tags.get("index.spack") ?? "")?.bytes ?? Buffer.alloc(0);
}

function putIndex(bytes: Buffer): void {
  mirror.repository.putManifest("application/vnd.oci.image.manifest.v1+json", bytes, "index.spack");
}

/** What the signature of the index states. */
function stated(): { version: number; signedAt: string } {
  const { annotations } = JSON.parse(currentIndex().toString()) as IndexManifest;
  const { dsseEnvelope } = JSON.parse(annotations[BUNDLE] ?? "");
  return JSON.parse(Buffer.from(dsseEnvelope.payload, "base64").toString()).predicate;
}

function writePolicy(rule: object): void {
  const directory = join(environment["XDG_CONFIG_HOME"] ?? "", "spack-oci");
  mkdirSync(directory, { recursive: true });
  const policy = JSON.stringify({ mirrors: { [mirror.mirror]: { keys: [owner.pub], ...rule } } });
  writeFileSync(join(directory, "policy.json"), policy, { mode: 0o600 });
}

/** Somebody pushes a package. Returns the index that does not list it yet. */
async function publishNewPackage(): Promise<Buffer> {
  const tag = tagIn(mirror.repository, "data-lite-");
  const digest = mirror.repository.tags.get(tag) ?? "";
  mirror.repository.tags.delete(tag);
  await run("update-index", mirror.mirror, "--sign-key", owner.key);
  const old = currentIndex();
  mirror.repository.tags.set(tag, digest);
  await run("update-index", mirror.mirror, "--sign-key", owner.key);
  return old;
}

it("installs from a signed index, with no request more", async () => {
  mirror.registry.reset();
  expect(await pull()).toMatchObject({ status: 0 });
  const paths = mirror.registry.requests.map(({ path }) => path);
  expect(paths.filter((path) => path.endsWith("/manifests/index.spack"))).toHaveLength(1);
  expect(paths.filter((path) => /\/manifests\/sha256-/.test(path))).toHaveLength(2);
  expect(isInstalled()).toBe(true);
});

it("keeps no list of referrers for an index, which would stay behind with every new one", async () => {
  const tags = [...mirror.repository.tags.keys()];
  await publishNewPackage();
  expect([...mirror.repository.tags.keys()].sort()).toEqual(tags.sort());
});

it("states versions that grow", async () => {
  const before = stated();
  expect(Math.abs(before.version - Date.now())).toBeLessThan(3_600_000);
  await run("sign", mirror.mirror, PACKAGE, "--key", owner.key);
  expect(stated().version).toBeGreaterThan(before.version);
});

const attacks: [what: string, attack: () => unknown, reason: RegExp][] = [
  [
    "its signature was removed",
    () => changeIndex(({ annotations }) => delete annotations[BUNDLE]),
    /The package index \S+:index\.spack is not signed\./,
  ],
  [
    "Spack wrote it again",
    () => run("update-index", mirror.mirror, "--rebuild").then(dropSignature),
    /is not signed/,
  ],
  [
    "it was replaced, and has the former signature",
    () => changeIndex(({ layers }) => Object.assign(layers[0] ?? {}, replacedLayer())),
    /signature of other content/,
  ],
  [
    "an annotation was added, such as another install tree",
    () =>
      changeIndex(({ annotations }) =>
        Object.assign(annotations, { "dev.spack-oci.install-tree.root": "/evil" }),
      ),
    /signature of other content/,
  ],
  [
    "somebody else signed it",
    () => run("update-index", mirror.mirror, "--sign-key", attacker.key),
    /signed with another key/,
  ],
  [
    "it is the signed index of another repository",
    replaceByOther,
    /it is signed for 127\.0\.0\.1:\d+\/other\/cache/,
  ],
  [
    "it has the signature of a package",
    () => changeIndex(({ annotations }) => Object.assign(annotations, { [BUNDLE]: signatureOfPackage() })),
    /it states https:\/\/sigstore\.dev\/cosign\/sign\/v1/,
  ],
  [
    "its signature is not a bundle",
    () => changeIndex(({ annotations }) => Object.assign(annotations, { [BUNDLE]: "{}" })),
    /the bundle is not of version 0\.3/,
  ],
  [
    "its signature is huge",
    () => changeIndex(({ annotations }) => Object.assign(annotations, { [BUNDLE]: " ".repeat(300_000) })),
    /the bundle has 300000 bytes/,
  ],
  [
    "its signature has another time",
    () =>
      changeIndex(({ annotations }) =>
        Object.assign(annotations, { [BUNDLE]: withVersion(annotations[BUNDLE]) }),
      ),
    /the signature does not match the content/,
  ],
];

function dropSignature(): void {
  changeIndex(({ annotations }) => delete annotations[BUNDLE]);
}

function replacedLayer() {
  const bytes = Buffer.from('{"database":{"version":"8","installs":{}}}');
  return { digest: mirror.repository.putBlob(bytes), size: bytes.length };
}

/** The same packages, signed by the same owner, but elsewhere. */
async function replaceByOther(): Promise<void> {
  const other = mirror.registry.location("other/cache");
  await run("copy", mirror.mirror, other, "--sign-key", owner.key);
  const { tags, manifests, blobs } = mirror.registry.storage.repository("other/cache");
  const stored = manifests.get(tags.get("index.spack") ?? "");
  for (const bytes of blobs.values()) mirror.repository.putBlob(bytes);
  putIndex(stored?.bytes ?? Buffer.alloc(0));
}

function signatureOfPackage(): string {
  const { tags, manifests } = mirror.repository;
  const digest = tags.get(tagIn(mirror.repository, PACKAGE)) ?? "";
  const list = manifests.get(tags.get(digest.replace(":", "-")) ?? "");
  const [referrer] = JSON.parse(list?.bytes.toString() ?? "").manifests;
  return referrer.annotations["dev.spack-oci.sigstore.bundle"];
}

function withVersion(bundle = ""): string {
  const value = JSON.parse(bundle);
  const statement = JSON.parse(Buffer.from(value.dsseEnvelope.payload, "base64").toString());
  statement.predicate.version += 1_000_000;
  value.dsseEnvelope.payload = Buffer.from(JSON.stringify(statement)).toString("base64");
  return JSON.stringify(value);
}

describe("uses no index if", () => {
  it.each(attacks)("%s", async (_what, attack, reason) => {
    await attack();
    const pulled = await pull();
    expect(pulled.stderr).toMatch(reason);
    expect(pulled).toMatchObject({ status: 8 });
    expect(isInstalled()).toBe(false);
    const check = await spackOci(["check", mirror.mirror, "--verify-key", owner.pub, "--json"], {
      environment,
    });
    const { findings } = check.json<{ findings: { tag: string; kind: string }[] }>();
    const rejected = findings.filter(({ kind }) => kind === "untrusted");
    expect(rejected).toMatchObject([{ tag: "index.spack" }]);
    expect(check.status).toBe(8);
    // The packages themselves are as they were.
    expect(await pull("--unsigned-index")).toMatchObject({ status: 0 });
  });
});

describe("an old index that is put back", () => {
  it("is noticed by those who have used a newer one", async () => {
    const old = await publishNewPackage();
    expect(await pull()).toMatchObject({ status: 0 });
    const version = stated().version;
    rmSync(root, { recursive: true });
    putIndex(old);
    expect(stated().version).toBeLessThan(version);
    const pulled = await pull();
    expect(pulled).toMatchObject({ status: 8, stderr: expect.stringMatching(/has been here before/) });
    expect(pulled.stderr).toMatch(/was signed at \S+ as version \d+, but one that was signed at \S+/);
    expect(isInstalled()).toBe(false);
  });

  it("is noticed if it has been removed instead, to have tags count", async () => {
    expect(await pull()).toMatchObject({ status: 0 });
    rmSync(root, { recursive: true });
    mirror.repository.tags.delete("index.spack");
    expect(await pull()).toMatchObject({ status: 8, stderr: expect.stringContaining("index.spack is gone") });
    expect(isInstalled()).toBe(false);
  });

  it("is noticed although the cache was cleared", async () => {
    const old = await publishNewPackage();
    expect(await pull()).toMatchObject({ status: 0 });
    await run("cache", "--clean");
    putIndex(old);
    expect(await pull()).toMatchObject({ status: 8 });
  });

  it("hides packages from others until it is too old for their policy", async () => {
    writePolicy({ maxIndexAge: "1h" });
    const args = ["pull", mirror.mirror, PACKAGE, "--root", root];
    expect(await spackOci(args, { environment })).toMatchObject({ status: 0 });
    rmSync(root, { recursive: true });
    await signWithClock(-2 * 3_600_000);
    environment = { ...environment, XDG_CACHE_HOME: scratchDirectory("another-user") };
    const pulled = await spackOci(args, { environment });
    expect(pulled).toMatchObject({ status: 8, stderr: expect.stringContaining("too long ago") });
    expect(isInstalled()).toBe(false);
    // Signing it again is all that its owner has to do.
    await run("sign", mirror.mirror, "--key", owner.key);
    expect(await spackOci(args, { environment })).toMatchObject({ status: 0 });
  });

  it("is not young because it is from the future", async () => {
    writePolicy({ maxIndexAge: "1h" });
    await signWithClock(3 * 3_600_000);
    const args = ["pull", mirror.mirror, PACKAGE, "--root", root];
    const pulled = await spackOci(args, { environment });
    expect(pulled).toMatchObject({ status: 8, stderr: expect.stringContaining("is from the future") });
  });
});

/** The owner's clock is wrong. */
async function signWithClock(offset: number): Promise<void> {
  dropSignature();
  const now = Date.now;
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...args: [] | [number | string]) {
      super(...((args.length === 0 ? [now() + offset] : args) as [number]));
    }
  } as DateConstructor;
  try {
    await run("update-index", mirror.mirror, "--sign-key", owner.key);
  } finally {
    globalThis.Date = RealDate;
  }
}

describe("writers", () => {
  const store = () => ["--store", extractSampleStore(), "--without-build-dependencies"];

  it("sign what they write, if they have a key", async () => {
    mirror.repository.tags.delete(tagIn(mirror.repository, PACKAGE));
    const push = ["push", mirror.mirror, PACKAGE, ...store(), "--update-index", "--sign-key", owner.key];
    await run(...push);
    expect(await pull()).toMatchObject({ status: 0 });
  });

  it("warn if they have none, because readers reject what they write", async () => {
    mirror.repository.tags.delete(tagIn(mirror.repository, "data-lite-"));
    const { stderr } = await run("update-index", mirror.mirror);
    expect(stderr).toContain("was signed, and no longer is");
    expect(await pull()).toMatchObject({ status: 8 });
    await run("sign", mirror.mirror, PACKAGE, "--key", owner.key);
    expect(await pull()).toMatchObject({ status: 0 });
  });

  it("prune with a key", async () => {
    const list = join(scratch, "keep");
    writeFileSync(list, `${PACKAGE}\n`);
    await run("prune", mirror.mirror, "--keep-list", list, "--yes", "--sign-key", owner.key);
    expect(await pull()).toMatchObject({ status: 0 });
    expect(await spackOci(["check", mirror.mirror, "--verify-key", owner.pub])).toMatchObject({ status: 0 });
  });

  it("do not sign entries that they have not verified", async () => {
    // Without a tag, an entry would be dropped anyway; so this one changes another package's.
    changeIndex(({ layers, annotations }) => {
      delete annotations[BUNDLE];
      const text = mirror.repository.blobs.get(layers[0]?.digest ?? "")?.toString() ?? "";
      const bytes = Buffer.from(text.replaceAll('"json-c-lite"', '"evil-c-lite"'));
      expect(bytes.toString()).not.toBe(text);
      Object.assign(layers[0] ?? {}, { digest: mirror.repository.putBlob(bytes), size: bytes.length });
    });
    const { stderr } = await run("update-index", mirror.mirror, "--sign-key", owner.key);
    expect(stderr).toContain("The existing package index is not signed, so every package is read again.");
    const { layers } = JSON.parse(currentIndex().toString()) as IndexManifest;
    expect(mirror.repository.blobs.get(layers[0]?.digest ?? "")?.toString()).not.toContain("evil");
    expect(await pull()).toMatchObject({ status: 0 });
  });
});

it("copies of whole mirrors take nothing over from an index that is not trusted", async () => {
  const layout = `oci-layout:${join(scratchDirectory("copy"), "layout")}`;
  const args = ["copy", mirror.mirror, layout, "--verify-key", owner.pub];
  dropSignature();
  const copied = await spackOci(args, { environment });
  expect(copied).toMatchObject({ status: 8 });
  expect(copied.stdout + copied.stderr).toMatch(/index\.spack is not signed/);
  await run("sign", mirror.mirror, PACKAGE, "--key", owner.key);
  await run(...args);
  expect((await run("list", layout)).stdout).toContain(PACKAGE);
});

it("a policy can do without the signature of the index", async () => {
  dropSignature();
  writePolicy({});
  const args = ["pull", mirror.mirror, PACKAGE, "--root", root];
  expect(await spackOci(args, { environment })).toMatchObject({ status: 8 });
  expect(await spackOci([...args, "--unsigned-index"], { environment })).toMatchObject({ status: 0 });
  rmSync(root, { recursive: true });
  writePolicy({ unsignedIndex: true });
  expect(await spackOci(args, { environment })).toMatchObject({ status: 0 });
});

it("a policy with a malformed age is an error", async () => {
  writePolicy({ maxIndexAge: "soon" });
  const args = ["pull", mirror.mirror, PACKAGE, "--root", root];
  expect(await spackOci(args, { environment })).toMatchObject({ status: 2 });
});

it("lists packages, also those of an unsigned index", async () => {
  dropSignature();
  writePolicy({});
  expect((await run("list", mirror.mirror)).stdout).toContain(PACKAGE);
  await run("show", mirror.mirror, PACKAGE);
});
