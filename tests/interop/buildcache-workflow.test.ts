// The reusable workflow as a whole, with a real Spack: configure, build, push on top of a base image, index.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { copyTarget } from "../support/copy-target.js";
import { fixture } from "../support/fixtures.js";
import type { Job } from "../support/github-runner/job.js";
import { startTestRegistry, type TestRegistry } from "../support/test-registry/test-registry.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";
import { PADDED_LENGTH, runBuildcacheWorkflow } from "./support/workflow.js";

describeWithSpack("the workflow buildcache.yml", () => {
  const environments = ["tests", "tools"];
  let registry: TestRegistry;
  let mirror: string;
  let jobs: Record<string, Job[]>;

  beforeAll(async () => {
    registry = await startTestRegistry();
    mirror = registry.location("mochi/cache");
    const copy = (layout: string, repository: string) =>
      copyTarget(new ImageLayout(fixture(layout)), openTarget(registry.location(repository)));
    await copy("oci-layout-base", "library/busybox");
    await copy("oci-layout-main", "mochi/other");
    jobs = await runBuildcacheWorkflow({
      mirror,
      other: registry.location("mochi/other"),
      baseImage: registry.location("library/busybox:latest"),
      environments,
    });
  }, 600_000);
  afterAll(() => registry?.close());

  it("succeeds, and writes the index last", () => {
    const ends = Object.values(jobs).flat();
    for (const job of ends) expect([job.status, job.log]).toEqual(["success", job.log]);
    expect(Object.keys(jobs)).toEqual(["build", "index"]);
    expect(jobs["build"]).toHaveLength(environments.length);
    expect(jobs["index"]?.[0]?.summary).toContain("Index unchanged, 20 specs");
  });

  it("pads the environments and adds the buildcache to them", () => {
    const manifest = readFileSync(join(jobs["build"]?.[0]?.workspace ?? "", "tests", "spack.yaml"), "utf8");
    expect(manifest).toContain(`padded_length: ${PADDED_LENGTH}`);
    expect(manifest).toContain(mirror);
  });

  it("pushes every package once, with what each job did in its summary", () => {
    const [first, second] = jobs["build"] ?? [];
    expect(first?.summary).toContain("### spack-oci push");
    expect(second?.summary).toContain("### spack-oci push");
    expect(`${first?.summary}${second?.summary}`).toContain("<code>margo-lite&#64;");
  });

  it("leaves a buildcache that Spack installs from", async () => {
    const user = await Spack.create({ root: shortRoot(), mirror });
    await user.do("-e", user.environment, "install", "--cache-only");
    expect(await user.do("find", "--format", "{name}", "margo-lite")).toBe("margo-lite\n");
  });
});
