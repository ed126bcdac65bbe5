// Runs the reusable workflow with a real Spack, which installs from another buildcache instead of building.

import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildBundle } from "../../support/bundle.js";
import type { Job } from "../../support/github-runner/job.js";
import { runWorkflow } from "../../support/github-runner/workflow.js";
import { scratchDirectory } from "../../support/scratch.js";
import { rootForEqualPadding } from "./short-root.js";
import { Spack } from "./spack.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const workflow = readFileSync(join(root, ".github/workflows/buildcache.yml"), "utf8");

/** That of Mochi, and of the packages in the other buildcache. */
export const PADDED_LENGTH = 128;

interface WorkflowRun {
  /** The buildcache to push to. */
  readonly mirror: string;
  /** Has everything, because nothing can be built without a network. */
  readonly other: string;
  readonly baseImage: string;
  /** Names of the directories of environments, one for each job. */
  readonly environments: readonly string[];
  /** The password of the user octocat, for a buildcache that cannot be read without it. */
  readonly token?: string;
  /** A private key, in PEM. */
  readonly signKey?: string;
}

/** @returns the jobs by name */
export async function runBuildcacheWorkflow(run: WorkflowRun): Promise<Record<string, Job[]>> {
  const { mirror, other, baseImage, environments, token, signKey } = run;
  const installTree = rootForEqualPadding();
  const spack = await Spack.create({ root: installTree, paddedLength: PADDED_LENGTH, mirror: other });
  const manifest = readFileSync(join(spack.environment, "spack.yaml"), "utf8")
    .replace(/^ {2}mirrors:\n(?: {4}.*\n)+/m, "")
    .replace(/root: .*/, `root: ${installTree}`)
    .replace(/^ *padded_length: .*\n/m, "");
  return runWorkflow(workflow, {
    inputs: {
      mirror,
      environments: JSON.stringify(environments),
      "base-image": baseImage,
      "padded-length": PADDED_LENGTH,
      version: `file:${buildBundle(scratchDirectory("bundle"))}`,
      ...(token === undefined ? {} : { private: true }),
    },
    secrets: { ...(token && { token }), ...(signKey && { "sign-key": signKey }) },
    environment: variablesOf(spack),
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
}

/** Spack's variables, and those that lead spack-oci to the same scopes. */
function variablesOf(spack: Spack): Record<string, string> {
  const entries = Object.entries(spack.variables).flatMap(([name, value]) =>
    value === undefined || name === "PATH" ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(entries), SPACK_ROOT: process.env["SPACK_TEST_ROOT"] ?? "" };
}
