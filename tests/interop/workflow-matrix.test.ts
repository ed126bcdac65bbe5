// Four jobs of the reusable workflow at the same time, with a real Spack, against a real registry that asks for a token.

import { readFileSync } from "node:fs";
import { createRegistryClient, ImageLayout, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Certificates, canMakeCertificates, makeCertificates } from "../support/certificates.js";
import { spackOci } from "../support/command-line.js";
import { copyTarget } from "../support/copy-target.js";
import { fixture } from "../support/fixtures.js";
import type { Job } from "../support/github-runner/job.js";
import {
  distributionProducts,
  type RegistryProcess,
  startRegistryProcess,
} from "../support/registry-process.js";
import { scratchDirectory } from "../support/scratch.js";
import { writeKeys } from "../support/signing-keys.js";
import { startTestRegistry, type TestRegistry } from "../support/test-registry/test-registry.js";
import { startTokenServer, type TokenServer } from "../support/token-server.js";
import { describeWithSpack } from "./support/spack.js";
import { runBuildcacheWorkflow } from "./support/workflow.js";

const products = canMakeCertificates ? distributionProducts : [];
if (products.length === 0)
  console.log("skipped: the workflow against a registry with tokens, which needs a registry and openssl");

const environments = ["one", "two", "three", "four"];
const token = "correct-horse";
const keys = writeKeys(scratchDirectory("keys"), "job");

describeWithSpack("a matrix of four jobs", () => {
  describe.each(products)("that push at once to %s", (product) => {
    let certificates: Certificates;
    let tokens: TokenServer;
    let registry: RegistryProcess;
    let other: TestRegistry;
    let mirror: string;
    let jobs: Record<string, Job[]>;

    beforeAll(async () => {
      certificates = await makeCertificates();
      tokens = await startTokenServer({ octocat: token }, certificates.authority);
      registry = await startRegistryProcess(product, { auth: tokens.registryConfig });
      mirror = registry.location("mochi/cache");
      other = await startTestRegistry();
      const source = new ImageLayout(fixture("oci-layout-main"));
      await copyTarget(source, openTarget(other.location("mochi/other")));
      const credentials = () =>
        ({ kind: "basic", username: "octocat", password: token, source: "the test" }) as const;
      const client = createRegistryClient({ credentials });
      const base = openTarget(registry.location("library/busybox"), { client });
      await copyTarget(new ImageLayout(fixture("oci-layout-base")), base);
      jobs = await runBuildcacheWorkflow({
        mirror,
        other: other.location("mochi/other"),
        baseImage: registry.location("library/busybox:latest"),
        environments,
        token,
        signKey: readFileSync(keys.key, "utf8"),
      });
    }, 900_000);
    afterAll(async () => {
      await Promise.all([registry?.stop(), tokens?.close(), other?.close()]);
      await certificates?.remove();
    });

    it("all succeed, and leave nothing for the job that updates the index", () => {
      expect(jobs["build"]).toHaveLength(environments.length);
      for (const job of Object.values(jobs).flat())
        expect([job.status, job.log]).toEqual(["success", job.log]);
      expect(jobs["index"]?.[0]?.summary).toContain("Index unchanged, 20 specs");
    });

    it("list every package once", async () => {
      const environment = { SPACK_OCI_USERNAME: "octocat", SPACK_OCI_PASSWORD: token };
      const { stdout } = await spackOci(["list", mirror, "--json"], { environment });
      const names = JSON.parse(stdout).map(({ name }: { name: string }) => name);
      expect(names).toHaveLength(20);
      expect(names).toContain("margo-lite");
      expect((await spackOci(["check", mirror], { environment })).status).toBe(0);
    });

    it("sign every package and the index, with a key that recipes do not see", async () => {
      const environment = { SPACK_OCI_USERNAME: "octocat", SPACK_OCI_PASSWORD: token };
      const run = await spackOci(["check", mirror, "--verify-key", keys.pub], { environment });
      expect([run.status, run.stdout]).toEqual([0, expect.stringContaining("Errors: 0, warnings: 0")]);
      const secret = readFileSync(keys.key, "utf8").split("\n")[1];
      for (const job of Object.values(jobs).flat()) expect(job.log).not.toContain(secret);
    });

    it("report what each pushed, without the token", () => {
      const summaries = (jobs["build"] ?? []).map(({ summary }) => summary);
      for (const summary of summaries)
        expect(summary).toMatch(/^Pushed \d+ packages.*; index (written|unchanged), 20 specs/m);
      expect(summaries.join("")).toContain("<code>margo-lite&#64;");
      for (const job of Object.values(jobs).flat()) expect(`${job.log}${job.summary}`).not.toContain(token);
    });
  });
});
