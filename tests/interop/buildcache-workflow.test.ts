// The reusable workflow as a whole, with a real Spack: configure, build, push on top of a base image, index.

import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ImageLayout, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildBundle } from "../support/bundle.js";
import { copyTarget } from "../support/copy-target.js";
import { fixture } from "../support/fixtures.js";
import type { Job } from "../support/github-runner/job.js";
import { runWorkflow } from "../support/github-runner/workflow.js";
import { scratchDirectory } from "../support/scratch.js";
import { startTestRegistry, type TestRegistry } from "../support/test-registry/test-registry.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const workflow = readFileSync(join(root, ".github/workflows/buildcache.yml"), "utf8");

/** Less than that of the packages in the other buildcache, which have to fit. */
const PADDED_LENGTH = 100;

describeWithSpack("the workflow buildcache.yml", () => {
  const environments = ["tests", "tools"];
  let registry: TestRegistry;
  let spack: Spack;
  let mirror: string;
  let jobs: Record<string, Job[]>;

  beforeAll(async () => {
    registry = await startTestRegistry();
    mirror = registry.location("mochi/cache");
    const copy = (layout: string, repository: string) =>
      copyTarget(new ImageLayout(fixture(layout)), openTarget(registry.location(repository)));
    await copy("oci-layout-base", "library/busybox");
    await copy("oci-layout-main", "mochi/other");
    // Another buildcache has everything, because nothing can be built without a network.
    const installTree = shortRoot();
    spack = await Spack.create({
      root: installTree,
      paddedLength: PADDED_LENGTH,
      mirror: registry.location("mochi/other"),
    });
    const manifest = readFileSync(join(spack.environment, "spack.yaml"), "utf8")
      .replace(/^ {2}mirrors:\n(?: {4}.*\n)+/m, "")
      .replace(/root: .*/, `root: ${installTree}`)
      .replace(/^ *padded_length: .*\n/m, "");
    jobs = await runWorkflow(workflow, {
      inputs: {
        mirror,
        environments: JSON.stringify(environments),
        "base-image": registry.location("library/busybox:latest"),
        "padded-length": PADDED_LENGTH,
        version: `file:${buildBundle(scratchDirectory("bundle"))}`,
      },
      environment: await variablesOf(spack),
      actions: {
        "actions/checkout@v4": (_, { workspace }) => {
          for (const name of environments) {
            cpSync(spack.environment, join(workspace, name), { recursive: true });
            writeFileSync(join(workspace, name, "spack.yaml"), manifest);
          }
        },
        "spack/setup-spack@v2": (_, job) => {
          const directory = join(job.temporary, "spack");
          mkdirSync(directory);
          const [program, ...args] = spack.program;
          writeFileSync(join(directory, "spack"), `#!/bin/sh\nexec ${[program, ...args].join(" ")} "$@"\n`);
          chmodSync(join(directory, "spack"), 0o755);
          job.path.unshift(directory);
        },
        "spack-oci/spack-oci@main": root,
      },
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

/** Spack's variables, and those that lead spack-oci to the same scopes. */
async function variablesOf(spack: Spack): Promise<Record<string, string>> {
  const entries = Object.entries(spack.variables).flatMap(([name, value]) =>
    value === undefined || name === "PATH" ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(entries), SPACK_ROOT: process.env["SPACK_TEST_ROOT"] ?? "" };
}
