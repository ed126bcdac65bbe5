// cosign verifies what this client signs, and this client verifies what cosign signs: with keys, without a log.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRegistryClient, fetchManifest, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { githubVariables } from "../support/github-variables.js";
import { onPath } from "../support/on-path.js";
import { type RunningRegistry, registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { startTestRegistry } from "../support/test-registry/test-registry.js";
import { describeWithTools, type ToolRun, tool } from "./support/tool.js";

const PASSWORD = "a password";
const TAG = "gcc-runtime-12.2.0-mysq6wt4gnlcxnyqdavvsy4ifiwu7zgx.spack";
const PUSHED = "json-c-lite-0.18-exoqmbsmof5qncjfcc3uyoqikrb3rrpd.spack";
const INDEX_BUNDLE = "dev.spack-oci.index.bundle";
const GITHUB_JOB = githubVariables("octocat/hello", "ci.yml");
const scratch = scratchDirectory("cosign");
const trustedRoot = join(scratch, "trusted-root.json");
const environment = { HOME: "/nonexistent", COSIGN_PASSWORD: PASSWORD };

const withApi = async (): Promise<RunningRegistry> => {
  const registry = await startTestRegistry({ referrers: true });
  return {
    host: registry.host,
    location: (name) => registry.location(name),
    stop: () => registry.close(),
  };
};
const places: readonly [string, () => Promise<RunningRegistry>][] = [
  ...registries,
  ["the test registry with the referrers API", withApi],
];

/** Files with a private key, its public half, and the arguments that cosign needs for the latter. */
interface TestKey {
  readonly key: string;
  readonly pub: string;
  readonly options?: readonly string[];
}

/** A key that openssl makes, named after its kind. */
function opensslKey(name: string, args: readonly string[], options: readonly string[] = []): TestKey {
  const [key, pub] = [join(scratch, `${name}.pem`), join(scratch, `${name}.pub`)];
  execFileSync("openssl", ["genpkey", ...args, "-out", key], { stdio: "ignore" });
  execFileSync("openssl", ["pkey", "-in", key, "-pubout", "-out", pub]);
  return { key, pub, options };
}

function cosign(...args: readonly string[]): Promise<ToolRun> {
  return tool("env", `COSIGN_PASSWORD=${PASSWORD}`, "cosign", ...args);
}

describeWithTools("cosign", "openssl")("cosign", () => {
  const own = { key: join(scratch, "cosign.key"), pub: join(scratch, "cosign.pub") };
  let others: TestKey[];

  beforeAll(() => {
    const env = { PATH: process.env["PATH"], COSIGN_PASSWORD: PASSWORD };
    execFileSync(onPath("cosign") ?? "", ["generate-key-pair"], { cwd: scratch, env, stdio: "ignore" });
    // cosign wants one even if nothing is looked up in it.
    writeFileSync(trustedRoot, '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}');
    const curve = (name: string) => ["-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${name}`];
    others = [
      opensslKey("p256", curve("P-256")),
      opensslKey("p384", curve("P-384"), ["--signature-digest-algorithm", "sha384"]),
      opensslKey("p521", curve("P-521"), ["--signature-digest-algorithm", "sha512"]),
      opensslKey("ed25519", ["-algorithm", "ed25519"]),
      opensslKey("rsa", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
    ];
  });

  describe.each(places)("with %s", (_name, start) => {
    let registry: RunningRegistry;
    let repository = "";
    let count = 0;

    beforeAll(async () => {
      registry = await start();
    });
    afterAll(() => registry.stop());
    beforeEach(async () => {
      count += 1;
      repository = `signed/cache${count}`;
      const from = `oci-layout:${fixture("oci-layout-main")}`;
      const args = ["copy", from, registry.location(repository), "gcc-runtime", "--only", "package"];
      expect(await spackOci(args)).toMatchObject({ status: 0 });
    });

    const image = () => `${registry.host}/${repository}:${TAG}`;
    const sign = (key: string, ...args: readonly string[]) =>
      spackOci(["sign", registry.location(repository), "--key", key, ...args], { environment });
    const check = (pub: string) =>
      spackOci(["check", registry.location(repository), "--verify-key", pub, "--unsigned-index"]);
    const verify = (format: boolean, { pub, options = [] }: TestKey) =>
      cosign(
        ...["verify", `--new-bundle-format=${format}`, "--trusted-root", trustedRoot, "--key", pub],
        ...["--insecure-ignore-tlog", "--allow-http-registry", ...options, image()],
      );
    const signWithCosign = (bundle: boolean) =>
      cosign(
        ...["sign", "--yes", `--new-bundle-format=${bundle}`, "--key", own.key, "--tlog-upload=false"],
        ...["--use-signing-config=false", "--allow-http-registry", image()],
      );

    it("verifies our bundles, with every kind of key", async () => {
      for (const key of [own, ...others]) {
        expect(await verify(true, key), key.pub).not.toMatchObject({ status: 0 });
        expect(await sign(key.key)).toMatchObject({ status: 0 });
        expect(await verify(true, key), key.pub).toMatchObject({ status: 0 });
      }
    }, 120_000);

    it("verifies our signatures in the older form", async () => {
      const [p256] = others as [TestKey];
      expect(await sign(own.key, "--signature-format", "simple")).toMatchObject({ status: 0 });
      expect(await verify(false, own)).toMatchObject({ status: 0 });
      expect(await verify(false, p256)).not.toMatchObject({ status: 0 });
    });

    it.each([
      ["bundles", true],
      ["signatures in the older form", false],
    ])("makes %s that we verify", async (_what, bundle) => {
      expect(await check(own.pub)).toMatchObject({ status: 8 });
      expect(await signWithCosign(bundle)).toMatchObject({ status: 0 });
      expect(await check(own.pub)).toMatchObject({ status: 0 });
      expect(await check(others[0]?.pub ?? "")).toMatchObject({ status: 8 });
    });

    it("verifies the provenance that a push attaches, and only with its key", async () => {
      const [p256] = others as [TestKey];
      const args = ["push", registry.location(repository), "json-c-lite", "--store", extractSampleStore()];
      const documents = ["--provenance", "--sign-key", own.key, "--without-build-dependencies"];
      const job = { environment: { ...environment, ...GITHUB_JOB } };
      expect(await spackOci([...args, ...documents], job)).toMatchObject({ status: 0 });
      const verifyAttestation = ({ pub }: TestKey) =>
        cosign(
          ...["verify-attestation", "--new-bundle-format", "--trusted-root", trustedRoot, "--key", pub],
          ...["--type", "slsaprovenance1", "--insecure-ignore-tlog", "--allow-http-registry"],
          `${registry.host}/${repository}:${PUSHED}`,
        );
      const verified = await verifyAttestation(own);
      expect(verified, verified.stderr).toMatchObject({ status: 0 });
      expect(await verifyAttestation(p256)).not.toMatchObject({ status: 0 });
      expect(await check(own.pub)).toMatchObject({ status: 8 });
    }, 120_000);

    it("verifies our signature of the index, outside of the registry", async () => {
      const [p256] = others as [TestKey];
      expect(await sign(own.key)).toMatchObject({ status: 0 });
      const target = openTarget(registry.location(repository), { client: createRegistryClient() });
      const { bytes } = await fetchManifest(target, "index.spack");
      const manifest = JSON.parse(bytes.toString());
      const { [INDEX_BUNDLE]: bundle, ...otherAnnotations } = manifest.annotations;
      manifest.annotations = Object.keys(otherAnnotations).length > 0 ? otherAnnotations : undefined;
      const [signed, signature] = [join(scratch, "index.json"), join(scratch, "index.bundle")];
      writeFileSync(signed, JSON.stringify(manifest));
      writeFileSync(signature, bundle);
      const verifyIndex = ({ pub }: TestKey) =>
        cosign(
          ...["verify-blob-attestation", "--new-bundle-format", "--bundle", signature, "--key", pub],
          ...["--type", "https://spack-oci.dev/package-index/v1", "--trusted-root", trustedRoot],
          ...["--insecure-ignore-tlog", signed],
        );
      const verified = await verifyIndex(own);
      expect(verified, verified.stderr).toMatchObject({ status: 0 });
      expect(await verifyIndex(p256)).not.toMatchObject({ status: 0 });
      writeFileSync(signed, `${JSON.stringify(manifest)} `);
      expect(await verifyIndex(own)).not.toMatchObject({ status: 0 });
    });

    it("makes signatures that a copy into an image layout and back keeps", async () => {
      expect(await signWithCosign(true)).toMatchObject({ status: 0 });
      expect(await signWithCosign(false)).toMatchObject({ status: 0 });
      const layout = `oci-layout:${join(scratchDirectory("layout"), "cache")}`;
      const back = `${repository}-back`;
      expect(await spackOci(["copy", registry.location(repository), layout])).toMatchObject({ status: 0 });
      expect(await spackOci(["check", layout, "--verify-key", own.pub, "--unsigned-index"])).toMatchObject({
        status: 0,
      });
      expect(await spackOci(["copy", layout, registry.location(back)])).toMatchObject({ status: 0 });
      repository = back;
      expect(await verify(true, own)).toMatchObject({ status: 0 });
      expect(await verify(false, own)).toMatchObject({ status: 0 });
    });
  });
});
