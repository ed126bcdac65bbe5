// The target of a processor is chosen by archspec's rules.

import { describe, expect, it } from "vitest";
import type { ArchspecTable } from "../../src/host/archspec-table.js";
import { detectTarget } from "../../src/host/microarchitecture.js";

const intel = "GenuineIntel";
const table: ArchspecTable = {
  microarchitectures: {
    x86_64: { from: [], vendor: "generic", features: [] },
    x86_64_v2: { from: ["x86_64"], vendor: "generic", features: ["sse4_2"] },
    x86_64_v3: { from: ["x86_64_v2"], vendor: "generic", features: ["sse4_2", "avx2"] },
    nehalem: { from: ["x86_64_v2"], vendor: intel, features: ["sse4_2"] },
    haswell: { from: ["nehalem", "x86_64_v3"], vendor: intel, features: ["sse4_2", "avx2", "fma"] },
    zen: { from: ["x86_64_v3"], vendor: "AuthenticAMD", features: ["sse4_2", "avx2"] },
    aarch64: { from: [], vendor: "generic", features: [] },
    "armv8.2a": { from: ["aarch64"], vendor: "generic", features: [] },
    neoverse_n1: { from: ["armv8.2a"], vendor: "ARM", features: ["fp"], cpupart: "0xd0c" },
    neoverse_v1: { from: ["armv8.2a"], vendor: "ARM", features: ["fp", "sve"], cpupart: "0xd40" },
    ppc64le: { from: [], vendor: "generic", features: [] },
    power8le: { from: ["ppc64le"], vendor: "IBM", features: [], generation: 8 },
    power9le: { from: ["power8le"], vendor: "IBM", features: [], generation: 9 },
  },
  conversions: { arm_vendors: { "0x41": "ARM" } },
};

describe.each([
  ["x86_64", { vendor_id: intel, flags: "sse4_2 avx2 fma other" }, "haswell"],
  ["x86_64", { vendor_id: intel, flags: "sse4_2 avx2" }, "x86_64_v3"],
  ["x86_64", { vendor_id: intel, flags: "sse4_2" }, "nehalem"],
  ["x86_64", { vendor_id: "AuthenticAMD", flags: "sse4_2 avx2 fma" }, "zen"],
  ["x86_64", { vendor_id: "Other", flags: "" }, "x86_64"],
  ["aarch64", { "CPU implementer": "0x41", "CPU part": "0xd0c", Features: "fp" }, "neoverse_n1"],
  ["aarch64", { "CPU implementer": "0x41", "CPU part": "0xd0c", Features: "fp sve" }, "neoverse_n1"],
  ["aarch64", { "CPU implementer": "0x99", Features: "fp" }, "aarch64"],
  ["ppc64le", { cpu: "POWER9, altivec supported" }, "power9le"],
  ["ppc64le", { cpu: "POWER8" }, "power8le"],
  ["s390x", {}, "s390x"],
])("%s with %j", (family, info, name) => {
  it(`is ${name}`, () => {
    expect(detectTarget(family, table, new Map(Object.entries(info)))).toEqual({ name, family });
  });
});
