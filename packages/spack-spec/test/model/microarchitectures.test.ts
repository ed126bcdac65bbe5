// Targets map to OCI architectures and variants.

import { expect, it } from "vitest";
import {
  microarchitectureFamily,
  ociArchitecture,
  ociVariant,
  PARENTS,
} from "../../src/model/microarchitectures.js";

it.each([
  ["x86_64_v3", "x86_64", "amd64"],
  ["zen5", "x86_64", "amd64"],
  ["neoverse_v2", "aarch64", "arm64"],
  ["m4", "aarch64", "arm64"],
  ["power9le", "ppc64le", "ppc64le"],
  ["u74mc", "riscv64", "riscv64"],
  ["pentium4", "x86", "x86"],
  ["from-the-future", "from-the-future", "from-the-future"],
  ["constructor", "constructor", "constructor"],
])("%s has the family %s and the OCI architecture %s", (target, family, architecture) => {
  expect([microarchitectureFamily(target), ociArchitecture(target)]).toEqual([family, architecture]);
});

it.each([
  ["x86_64", "v1"],
  ["core2", "v1"],
  ["nehalem", "v2"],
  ["haswell", "v3"],
  ["x86_64_v4", "v4"],
  ["zen4", "v4"],
  ["aarch64", undefined],
  ["from-the-future", undefined],
])("%s has the level %s", (target, variant) => {
  expect(ociVariant(target)).toBe(variant);
});

it("contains all parents", () => {
  const names = new Set(Object.keys(PARENTS));
  expect(
    Object.values(PARENTS)
      .flat()
      .filter((name) => !names.has(name)),
  ).toEqual([]);
});
