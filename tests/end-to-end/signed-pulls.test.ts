// A pull that requires signatures installs what is signed, and nothing of what somebody with write access to the mirror
// put in its place.

import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { type CommandRun, spackOci } from "../support/command-line.js";
import { startMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { writeKeys } from "../support/signing-keys.js";

const PACKAGE = "json-c-lite";
const scratch = scratchDirectory("signed-pulls");
const owner = writeKeys(scratch, "owner");
const attacker = writeKeys(scratch, "attacker");

let mirror: TestMirror;
let root: string;
let tag: string;

beforeEach(async () => {
  mirror = await startMirror();
  root = join(scratchDirectory("root"), "store");
  tag = tagIn(mirror.repository, `${PACKAGE}-`);
  expect(await sign(owner.key, PACKAGE)).toMatchObject({ status: 0 });
  return () => mirror.registry.close();
});

function sign(key: string, ...specs: readonly string[]): Promise<CommandRun> {
  return spackOci(["sign", mirror.mirror, ...specs, "--key", key]);
}

function pull(...args: readonly string[]): Promise<CommandRun> {
  return spackOci(["pull", mirror.mirror, PACKAGE, "--root", root, ...args]);
}

/** Which packages are in the store, also those that are not recorded, or only half there. */
function isInstalled(): boolean {
  const prefixes = join(root, "linux-x86_64_v3");
  return existsSync(prefixes) && readdirSync(prefixes).length > 0;
}

interface StoredImage {
  config: { digest: string; size: number };
  layers: { digest: string; size: number }[];
}

/** Changes the image under the package's tag, as a push by somebody else would. */
function replaceImage(change: (image: StoredImage) => void): void {
  const { repository } = mirror;
  const stored = repository.manifests.get(repository.tags.get(tag) ?? "");
  const image = JSON.parse(stored?.bytes.toString() ?? "") as StoredImage;
  change(image);
  repository.putManifest(stored?.mediaType ?? "", Buffer.from(JSON.stringify(image)), tag);
}

function referrersTag(of: string): string {
  return (mirror.repository.tags.get(of) ?? "").replace(":", "-");
}

/** How many requests looked for signatures: in the registry's own lists, and under tags. */
function requestsForSignatures(): { lists: number; tags: number; others: number } {
  const paths = mirror.registry.requests.map(({ path }) => path);
  const count = (pattern: RegExp) => paths.filter((path) => pattern.test(path)).length;
  const lists = count(/\/referrers\/sha256:/);
  const tags = count(/\/manifests\/sha256-/);
  return { lists, tags, others: paths.length - lists - tags };
}

/** Requests of a pull into an empty store. */
async function requestsOf(...args: readonly string[]): Promise<ReturnType<typeof requestsForSignatures>> {
  root = join(scratchDirectory("root"), "store");
  mirror.registry.reset();
  expect(await pull(...args)).toMatchObject({ status: 0 });
  expect(isInstalled()).toBe(true);
  return requestsForSignatures();
}

it("installs signed packages, with one request for each", async () => {
  const { lists, tags } = await requestsOf("--verify-key", owner.pub);
  expect(tags).toBe(2);
  // Whether there is such an API is asked once.
  expect(lists).toBe(1);
  expect(await requestsOf()).toMatchObject({ lists: 0, tags: 0 });
});

it("installs signed packages from a registry with the referrers API, with one request for each", async () => {
  await mirror.registry.close();
  mirror = await startMirror({ referrers: true });
  await sign(owner.key, PACKAGE);
  expect(await requestsOf("--verify-key", owner.pub)).toMatchObject({ lists: 2, tags: 0 });
});

it("accepts cosign's older form", async () => {
  const other = ["sign", mirror.mirror, PACKAGE, "--key", attacker.key, "--signature-format", "simple"];
  expect(await spackOci(other)).toMatchObject({ status: 0 });
  expect(await pull("--verify-key", attacker.pub)).toMatchObject({ status: 0 });
});

const attacks: [what: string, attack: () => unknown, reason: RegExp][] = [
  ["the signature is gone", () => mirror.repository.tags.delete(referrersTag(tag)), /is not signed\.$/m],
  [
    "a layer was swapped",
    () =>
      replaceImage(({ layers }) => {
        const bytes = gzipSync("evil");
        const size = bytes.length;
        Object.assign(layers.at(-1) ?? {}, { digest: mirror.repository.putBlob(bytes), size });
      }),
    /is not signed\.$/m,
  ],
  [
    "the layers of the dependencies were dropped",
    () => replaceImage((image) => Object.assign(image, { layers: image.layers.slice(-1) })),
    /is not signed\.$/m,
  ],
  [
    "the config was swapped",
    () =>
      replaceImage(({ config }) => {
        const bytes = Buffer.concat([
          mirror.repository.blobs.get(config.digest) ?? Buffer.alloc(0),
          Buffer.from(" "),
        ]);
        Object.assign(config, { digest: mirror.repository.putBlob(bytes), size: bytes.length });
      }),
    /is not signed\.$/m,
  ],
  [
    "the image was swapped, and signed by the attacker",
    async () => {
      replaceImage(({ layers }) => Object.assign(layers.at(-1) ?? {}, { annotations: { evil: "yes" } }));
      await sign(attacker.key, PACKAGE);
    },
    /signed with another key/,
  ],
  [
    "the image was swapped, and has the signature of the former one",
    () => {
      const former = referrersTag(tag);
      replaceImage(({ layers }) => Object.assign(layers.at(-1) ?? {}, { annotations: { evil: "yes" } }));
      const { tags } = mirror.repository;
      tags.set(referrersTag(tag), tags.get(former) ?? "");
    },
    /signature of another image/,
  ],
  [
    "the tag is on a signed image of another package",
    () => {
      const { tags } = mirror.repository;
      tags.set(tag, tags.get(tagIn(mirror.repository, "gcc-runtime-")) ?? "");
    },
    /is gcc-runtime@.*, which has the tag gcc-runtime-/,
  ],
];

describe("installs nothing if", () => {
  it.each(attacks)("%s", async (_what, attack, reason) => {
    await attack();
    // The attacker's index is another matter: see signed-index.test.ts.
    const run = await pull("--verify-key", owner.pub, "--unsigned-index");
    expect(run.status).not.toBe(0);
    expect(run.stdout + run.stderr).toMatch(reason);
    expect(existsSync(join(root, "linux-x86_64_v3", tag.replace(".spack", "")))).toBe(false);
  });

  it("a dependency is not signed", async () => {
    mirror.repository.tags.delete(referrersTag(tagIn(mirror.repository, "gcc-runtime-")));
    const run = await pull("--verify-key", owner.pub);
    expect(run).toMatchObject({ status: 8 });
    expect(run.stdout).toMatch(/Failed: gcc-runtime@.* is not signed.*Skipped, .*: json-c-lite@/s);
    expect(isInstalled()).toBe(false);
  });

  it("another key is expected, and says which", async () => {
    const run = await pull("--verify-key", attacker.pub, "--unsigned-index");
    expect(run).toMatchObject({ status: 8 });
    expect(run.stderr).toContain(`Expected a signature by the key ${attacker.pub} (ECDSA P-256, SHA-256 `);
    expect(run.stderr).toContain(`${mirror.mirror}:${tag}@sha256:`);
    expect(isInstalled()).toBe(false);
  });

  it("the key is a private one", async () => {
    expect(await pull("--verify-key", owner.key)).toMatchObject({ status: 2 });
    expect(mirror.repository.blobs.size).toBeGreaterThan(0);
    expect(isInstalled()).toBe(false);
  });

  it("an identity is named without its issuer", async () => {
    const run = await pull("--verify-identity", "me@example.com");
    expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining("--verify-issuer URL") });
  });
});

describe("a policy", () => {
  let environment: NodeJS.ProcessEnv;
  let policy: string;

  beforeEach(() => {
    const configuration = scratchDirectory("config");
    environment = { HOME: "/nonexistent", XDG_CONFIG_HOME: configuration };
    mkdirSync(join(configuration, "spack-oci"));
    policy = join(configuration, "spack-oci", "policy.json");
    const rule = { keys: [attacker.pub], unsignedIndex: true };
    writeFileSync(policy, JSON.stringify({ mirrors: { [mirror.mirror]: rule } }), { mode: 0o600 });
  });

  const commands: [string, () => readonly string[]][] = [
    ["pull", () => ["pull", mirror.mirror, PACKAGE, "--root", root]],
    ["run", () => ["run", mirror.mirror, PACKAGE, "--root", root, "--", "true"]],
    ["check", () => ["check", mirror.mirror, PACKAGE]],
    ["copy to a v3 mirror", () => ["copy", mirror.mirror, `file://${root}`, PACKAGE]],
    ["image", () => ["image", mirror.mirror, PACKAGE, "--tag", "image"]],
  ];

  it.each(commands)("holds for %s", async (_name, args) => {
    const run = await spackOci(args(), { environment });
    expect(run.stdout + run.stderr).toContain("signed with another key");
    expect(run).toMatchObject({ status: 8 });
    expect(isInstalled()).toBe(false);
    expect(mirror.repository.tags.has("image")).toBe(false);
  });

  it("holds for copies", async () => {
    const other = mirror.registry.location("other/cache");
    const { tags } = mirror.registry.storage.repository("other/cache");
    expect(await spackOci(["copy", mirror.mirror, other, "data-lite", "--only", "package"])).toMatchObject({
      status: 0,
    });
    const args = ["copy", mirror.mirror, other, PACKAGE, "--only", "package"];
    expect(await spackOci(args, { environment })).toMatchObject({ status: 8 });
    expect(tags.has(tag)).toBe(false);
    expect(await spackOci([...args, "--no-verify"], { environment })).toMatchObject({ status: 0 });
    expect(tags.has(tag)).toBe(true);
    expect(tags.has(referrersTag(tag))).toBe(true);
  });

  it("holds for copies of which nothing arrives, to registries and layouts", async () => {
    for (const to of [
      mirror.registry.location("empty/cache"),
      `oci-layout:${join(scratchDirectory("empty"), "cache")}`,
    ]) {
      const run = await spackOci(["copy", mirror.mirror, to, PACKAGE, "--only", "package"], { environment });
      expect(run.stdout + run.stderr).not.toContain("Could not write the index");
      expect(run).toMatchObject({ status: 8 });
    }
  });

  it("holds for repair, which reads no package that is not trusted", async () => {
    const args = ["repair", mirror.mirror, PACKAGE, "--relocate-to", "/o/spack", "--padded-length", "64"];
    const before = mirror.repository.tags.get(tag);
    const run = await spackOci(args, { environment });
    expect(run.stdout).toContain(`${tag} (untrusted)`);
    expect(run).toMatchObject({ status: 8 });
    expect(mirror.repository.tags.get(tag)).toBe(before);
  });

  it("gives way to the command line", async () => {
    const options = { environment };
    const args = ["pull", mirror.mirror, PACKAGE, "--root", root];
    expect(await spackOci([...args, "--verify-key", owner.pub], options)).toMatchObject({ status: 0 });
  });

  it("gives way to --no-verify, with a warning", async () => {
    const args = ["pull", mirror.mirror, PACKAGE, "--root", root, "--no-verify"];
    const run = await spackOci(args, { environment });
    expect(run).toMatchObject({ status: 0 });
    expect(run.stderr).toMatch(/signatures are not verified, although the policy .*policy\.json, oci/);
  });

  it("is not in the way of commands that only describe packages", async () => {
    expect(await spackOci(["list", mirror.mirror], { environment })).toMatchObject({ status: 0 });
    expect(await spackOci(["show", mirror.mirror, PACKAGE], { environment })).toMatchObject({ status: 0 });
  });

  it("is an error if others can write it, or if it is damaged", async () => {
    const args = ["pull", mirror.mirror, PACKAGE, "--root", root];
    chmodSync(policy, 0o666);
    expect(await spackOci(args, { environment })).toMatchObject({ status: 4 });
    chmodSync(policy, 0o600);
    writeFileSync(policy, "{}");
    expect(await spackOci(args, { environment })).toMatchObject({ status: 2 });
    expect(isInstalled()).toBe(false);
  });
});
