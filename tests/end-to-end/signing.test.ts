// What signs: push, copy, repair and sign; what they sign is verified, and only that.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { packageTagsIn, startEmptyMirror, startMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { writeKeys } from "../support/signing-keys.js";

interface SignJson {
  readonly signed: readonly { tag: string; digest: string }[];
  readonly present: readonly { tag: string }[];
  readonly planned: readonly { tag: string }[];
  readonly failed: readonly { tag: string; error: { code: string } }[];
}

interface CheckJson {
  readonly findings: readonly { tag: string; kind: string; what: string }[];
}

const PACKAGE = "json-c-lite";
const scratch = scratchDirectory("signing");
const owner = writeKeys(scratch, "owner");
const other = writeKeys(scratch, "other");

let mirror: TestMirror;

beforeEach(async () => {
  mirror = await startMirror();
  return () => mirror.registry.close();
});

async function sign(...args: readonly string[]): Promise<SignJson> {
  return (await spackOci(["sign", mirror.mirror, ...args, "--key", owner.key, "--json"])).json<SignJson>();
}

async function untrusted(location: string, pub: string): Promise<readonly string[]> {
  const run = await spackOci(["check", location, "--verify-key", pub, "--json"]);
  const { findings } = run.json<CheckJson>();
  const tags = findings.filter(({ kind }) => kind === "untrusted").map(({ tag }) => tag);
  expect(run.status).toBe(tags.length > 0 ? 8 : 0);
  return tags;
}

it("signs every package once", async () => {
  const tags = packageTagsIn(mirror.repository);
  expect((await sign("--dry-run")).planned.map(({ tag }) => tag)).toEqual(tags);
  const withIndex = [...tags, "index.spack"].sort();
  expect(await untrusted(mirror.mirror, owner.pub)).toEqual(withIndex);
  expect((await sign()).signed.map(({ tag }) => tag)).toEqual(tags);
  const again = await sign();
  expect(again.present.map(({ tag }) => tag)).toEqual(tags);
  expect(again.signed).toEqual([]);
  expect(await untrusted(mirror.mirror, owner.pub)).toEqual([]);
  expect(await untrusted(mirror.mirror, other.pub)).toEqual(withIndex);
});

it("signs named packages with what they run with, or alone", async () => {
  const [json, runtime] = [tagIn(mirror.repository, PACKAGE), tagIn(mirror.repository, "gcc-runtime-")];
  expect((await sign(PACKAGE, "--only-package")).signed.map(({ tag }) => tag)).toEqual([json]);
  const { signed, present } = await sign(PACKAGE);
  expect(present.map(({ tag }) => tag)).toEqual([json]);
  expect(signed.map(({ tag }) => tag)).toContain(runtime);
});

it("does not sign one package as another", async () => {
  const { tags } = mirror.repository;
  const [json, runtime] = [tagIn(mirror.repository, PACKAGE), tagIn(mirror.repository, "gcc-runtime-")];
  tags.set(json, tags.get(runtime) ?? "");
  const { failed, signed } = await sign();
  expect(failed).toMatchObject([{ tag: json, error: { code: "ERR_WRONG_PACKAGE" } }]);
  expect(signed).toHaveLength(packageTagsIn(mirror.repository).length - 1);
});

it("needs exactly one signer", async () => {
  const args = ["sign", mirror.mirror, PACKAGE];
  expect(await spackOci(args)).toMatchObject({ status: 2, stderr: expect.stringContaining("--key FILE") });
  expect(await spackOci([...args, "--key", owner.key, "--keyless"])).toMatchObject({ status: 2 });
  const simple = [...args, "--keyless", "--signature-format", "simple"];
  expect(await spackOci(simple)).toMatchObject({ status: 2, stderr: expect.stringContaining("keys only") });
});

it("signs what a push sends, before its tags are set", async () => {
  await mirror.registry.close();
  mirror = await startEmptyMirror({ referrers: true });
  const args = [
    "push",
    mirror.mirror,
    PACKAGE,
    "--store",
    extractSampleStore(),
    "--without-build-dependencies",
  ];
  expect(await spackOci([...args, "--sign-key", owner.key, "--update-index"])).toMatchObject({ status: 0 });
  expect(await untrusted(mirror.mirror, owner.pub)).toEqual([]);
  const manifests = mirror.registry.requests.filter(
    ({ method, path }) => method === "PUT" && path.includes("/manifests/"),
  );
  const references = manifests.map(({ path }) => path.split("/").at(-1) ?? "");
  const json = references.findIndex((reference) => reference.startsWith(PACKAGE));
  // A signature for each of the two packages; that of this one precedes its tag.
  expect(references.slice(0, json).filter((reference) => reference.startsWith("sha256:")).length).toBe(2);
});

it("signs what a copy writes with a key of its own, and keeps the signatures that exist", async () => {
  await sign(PACKAGE);
  const layout = `oci-layout:${join(scratchDirectory("copy"), "layout")}`;
  const args = ["copy", mirror.mirror, layout, PACKAGE, "--sign-key", other.key, "--verify-key", owner.pub];
  expect(await spackOci([...args, "--without-build-dependencies"])).toMatchObject({ status: 0 });
  // The index is what the copy has written.
  expect(await untrusted(layout, owner.pub)).toEqual(["index.spack"]);
  expect(await untrusted(layout, other.pub)).toEqual([]);
});

it("signs what a repair makes, for which earlier signatures do not count", async () => {
  await sign();
  const args = ["repair", mirror.mirror, PACKAGE, "--relocate-to", "/o/spack", "--padded-length", "64"];
  expect(await spackOci([...args, "--verify-key", owner.pub, "--sign-key", other.key])).toMatchObject({
    status: 0,
  });
  const repaired = await untrusted(mirror.mirror, owner.pub);
  expect(repaired).toContain(tagIn(mirror.repository, PACKAGE));
  expect(await untrusted(mirror.mirror, other.pub)).not.toContain(tagIn(mirror.repository, PACKAGE));
});

it("signs the image of --tag before it can be pulled", async () => {
  const args = ["push", mirror.mirror, PACKAGE, "--store", extractSampleStore(), "--tag", "json-1"];
  const run = await spackOci([...args, "--sign-key", owner.key, "--json"]);
  expect(run).toMatchObject({ status: 0 });
  const image = mirror.repository.tags.get("json-1") ?? "";
  expect(image).toMatch(/^sha256:/);
  const list = mirror.repository.tags.get(image.replace(":", "-")) ?? "";
  const { manifests } = JSON.parse(String(mirror.repository.manifests.get(list)?.bytes)) as {
    manifests: readonly { artifactType: string }[];
  };
  expect(manifests.map(({ artifactType }) => artifactType)).toEqual([
    "application/vnd.dev.sigstore.bundle.v0.3+json",
  ]);
});

it("puts no package below an image that is signed, unless its own signature is valid", async () => {
  const configuration = scratchDirectory("config");
  mkdirSync(join(configuration, "spack-oci"));
  const policy = JSON.stringify({ mirrors: { [mirror.mirror]: { keys: [owner.pub] } } });
  writeFileSync(join(configuration, "spack-oci", "policy.json"), policy, { mode: 0o600 });
  const environment = { HOME: "/nonexistent", XDG_CONFIG_HOME: configuration };
  const tag = tagIn(mirror.repository, PACKAGE);
  mirror.repository.tags.delete(tag);
  const args = ["push", mirror.mirror, PACKAGE, "--store", extractSampleStore(), "--sign-key", owner.key];
  const run = await spackOci(args, { environment });
  expect(run).toMatchObject({ status: 8, stdout: expect.stringMatching(/gcc-runtime-\S+ is not signed/) });
  expect(mirror.repository.tags.has(tag)).toBe(false);
  expect(await spackOci([...args, "--no-verify"], { environment })).toMatchObject({ status: 0 });
  expect(mirror.repository.tags.has(tag)).toBe(true);
});
