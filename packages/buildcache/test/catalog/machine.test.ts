// Which packages a machine can run.

import { expect, it } from "vitest";
import { canRun, isBuiltFor } from "../../src/catalog/machine.js";
import { node } from "../support/nodes.js";

const machine = {
  platform: "linux",
  os: "rhel9",
  target: "neoverse_v1",
  systems: new Set(["rhel9", "rhel8"]),
};

function built(architecture: string) {
  const [platform = "", os = "", target = ""] = architecture.split("-");
  return { ...node("tool"), architecture: { platform, os, target, targetJson: target } };
}

it.each([
  ["linux-rhel9-neoverse_v1", true, true],
  ["linux-rhel9-neoverse_n1", true, false],
  ["linux-rhel9-armv8.4a", true, false],
  ["linux-rhel8-aarch64", true, false],
  ["linux-rhel9-neoverse_v2", false, false],
  ["linux-rhel9-x86_64", false, false],
  ["linux-rhel7-aarch64", false, false],
  ["darwin-rhel9-aarch64", false, false],
  ["linux-rhel9-unheard_of", false, false],
])("%s: can run %s, same architecture %s", (architecture, runs, same) => {
  expect(canRun(machine, built(architecture))).toBe(runs);
  expect(isBuiltFor(built(architecture), machine)).toBe(same);
});

it("takes packages without an architecture to run anywhere", () => {
  expect(canRun(machine, { ...node("tool"), architecture: undefined })).toBe(true);
});

it("rules out only other families if the processor is unknown", () => {
  const unknown = { ...machine, target: "aarch64", isTargetUnknown: true };
  expect(canRun(unknown, built("linux-rhel9-neoverse_v2"))).toBe(true);
  expect(canRun(unknown, built("linux-rhel9-zen2"))).toBe(false);
});
