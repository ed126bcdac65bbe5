// Packages of operating systems that are declared compatible can be reused.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { openSpackInstance } from "../../src/instance/open-spack-instance.js";

/** The systems that are compatible with rhel9, for an instance with this `concretizer.yaml`. */
function systemsOf(text: string) {
  const root = scratchDirectory("systems");
  mkdirSync(join(root, "lib/spack/spack"), { recursive: true });
  mkdirSync(join(root, "etc/spack"), { recursive: true });
  writeFileSync(join(root, "lib/spack/spack/__init__.py"), '__version__ = "1.2.0.dev0"\n');
  writeFileSync(join(root, "etc/spack/concretizer.yaml"), text);
  const host = { platform: "linux", os: "rhel9", target: { name: "zen2", family: "x86_64" } };
  const env = { SPACK_DISABLE_LOCAL_CONFIG: "1" };
  return [...openSpackInstance({ spackRoot: root, cwd: "/", home: root, env, host }).compatibleSystems];
}

it("is only the machine's own by default", () => {
  expect(systemsOf("concretizer:\n  reuse: true\n")).toEqual(["rhel9"]);
});

it("is transitive, and ends even if systems are compatible with each other", () => {
  const table = "{ rhel9: [rhel8, centos8], rhel8: [rhel7], rhel7: [rhel9], ubuntu22.04: [ubuntu20.04] }";
  expect(systemsOf(`concretizer:\n  os_compatible: ${table}\n`)).toEqual([
    "rhel9",
    "rhel8",
    "centos8",
    "rhel7",
  ]);
});
