// The tutorials work: each one's commands run in one shell, against the buildcache that Spack wrote.

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { buildCommand, runShell } from "../support/command-process.js";
import { commandBlocks, repository } from "../support/documentation.js";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { startOf } from "../support/tested-command.js";

/** What the tutorials name, and what stands for it here. */
const STAND_INS: readonly (readonly [RegExp, string])[] = [
  [/oci:\/\/ghcr\.io\/mochi-hpc\/mochi-spack-buildcache/g, `oci-layout:${fixture("oci-layout-main")}`],
  [/\bmofkactl --help/g, "thallium-info"],
  [/\bmofka\b/g, "thallium-lite"],
  // The sample packages are not for every machine.
  [/\bspack-oci pull\b/g, "spack-oci pull --allarch"],
];

beforeAll(() => buildCommand(), 120_000);

/** Runs all blocks of a page in a new home directory, and stops at the first command that fails. */
async function follow(page: string) {
  const blocks = commandBlocks(readFileSync(join(repository, "docs/tutorials", page), "utf8"));
  const script = STAND_INS.reduce((text, [name, other]) => text.replaceAll(name, other), blocks.join("\n"));
  const home = scratchDirectory("tutorial");
  const bin = join(home, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "spack-oci"), `#!/bin/sh\nexec ${startOf().join(" ")} "$@"\n`);
  chmodSync(join(bin, "spack-oci"), 0o755);
  const setup = `set -euo pipefail; export PATH="${bin}:$PATH"; cd "$HOME"`;
  const end = await runShell(`${setup}\n${script}`, { HOME: home });
  expect(end.status, `${end.stdout}${end.stderr}`).toBe(0);
  return { ...end, commands: script.match(/^(eval .*)?.*spack-oci /gm)?.length ?? 0 };
}

it("pulls, uses and removes a package", async () => {
  const { stdout, commands } = await follow("first-pull.md");
  expect(commands).toBeGreaterThan(7);
  // What the program prints, run alone and in the shell.
  expect(stdout.match(/^thallium \/.*\/software\//gm)).toHaveLength(2);
}, 120_000);

it("carries packages to a machine without a network", async () => {
  const { stdout, commands } = await follow("offline-machine.md");
  expect(commands).toBeGreaterThan(4);
  expect(stdout).toMatch(/^thallium \/.*\/apps\//m);
}, 120_000);

it("builds an image", async () => {
  const { stdout, commands } = await follow("environment-image.md");
  expect(commands).toBe(2);
  expect(stdout).toMatch(/sha256:[0-9a-f]{64}/);
}, 120_000);

it("calls a workflow of this repository, with inputs that it has", () => {
  const page = readFileSync(join(repository, "docs/tutorials/github-buildcache.md"), "utf8");
  const [environment, caller] = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ""]) =>
    parse(text),
  );
  expect(environment.spack.specs).not.toEqual([]);
  const { uses, with: given, permissions } = caller.jobs.buildcache;
  const [, path = ""] = /^spack-oci\/spack-oci\/(.*)@main$/.exec(uses) ?? [];
  const called = parse(readFileSync(join(repository, path), "utf8"));
  const { inputs } = called.on.workflow_call as { inputs: Record<string, { required?: boolean }> };
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining([...Object.keys(given), "private"]));
  for (const [name, { required }] of Object.entries(inputs)) if (required) expect(given).toHaveProperty(name);
  expect(permissions).toEqual(called.permissions);
});
