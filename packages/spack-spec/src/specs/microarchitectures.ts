// Which CPU microarchitectures there are, and which ones each of them extends.

/**
 * The direct parents of each microarchitecture: a program for a parent runs on the child too. Those without parents
 * are families. The names are those of the archspec library, which Spack uses.
 */
export const microarchitectureParents: Readonly<Record<string, readonly string[]>> = {
  x86: [],
  i686: ["x86"],
  pentium2: ["i686"],
  pentium3: ["pentium2"],
  pentium4: ["pentium3"],
  prescott: ["pentium4"],
  x86_64: [],
  x86_64_v2: ["x86_64"],
  x86_64_v3: ["x86_64_v2"],
  x86_64_v4: ["x86_64_v3"],
  nocona: ["x86_64"],
  core2: ["nocona"],
  nehalem: ["core2", "x86_64_v2"],
  westmere: ["nehalem"],
  sandybridge: ["westmere"],
  ivybridge: ["sandybridge"],
  haswell: ["ivybridge", "x86_64_v3"],
  broadwell: ["haswell"],
  skylake: ["broadwell"],
  mic_knl: ["broadwell"],
  skylake_avx512: ["skylake", "x86_64_v4"],
  cannonlake: ["skylake"],
  cascadelake: ["skylake_avx512"],
  icelake: ["cascadelake", "cannonlake"],
  sapphirerapids: ["icelake"],
  k10: ["x86_64"],
  bulldozer: ["x86_64_v2"],
  piledriver: ["bulldozer"],
  steamroller: ["piledriver"],
  excavator: ["steamroller", "x86_64_v3"],
  zen: ["x86_64_v3"],
  zen2: ["zen"],
  zen3: ["zen2"],
  zen4: ["zen3", "x86_64_v4"],
  zen5: ["zen4"],
  ppc64: [],
  power7: ["ppc64"],
  power8: ["power7"],
  power9: ["power8"],
  power10: ["power9"],
  ppc64le: [],
  power8le: ["ppc64le"],
  power9le: ["power8le"],
  power10le: ["power9le"],
  aarch64: [],
  "armv8.1a": ["aarch64"],
  "armv8.2a": ["armv8.1a"],
  "armv8.3a": ["armv8.2a"],
  "armv8.4a": ["armv8.3a"],
  "armv8.5a": ["armv8.4a"],
  "armv8.6a": ["armv8.5a"],
  "armv9.0a": ["armv8.5a"],
  thunderx2: ["armv8.1a"],
  a64fx: ["armv8.2a"],
  cortex_a72: ["aarch64"],
  neoverse_n1: ["cortex_a72", "armv8.2a"],
  neoverse_v1: ["neoverse_n1", "armv8.4a"],
  neoverse_v2: ["neoverse_n1", "armv9.0a"],
  neoverse_n2: ["neoverse_n1", "armv9.0a"],
  m1: ["armv8.4a"],
  m2: ["m1", "armv8.5a"],
  m3: ["m2", "armv8.6a"],
  m4: ["m3", "armv8.6a"],
  arm: [],
  ppc: [],
  ppcle: [],
  sparc: [],
  sparc64: [],
  riscv64: [],
  u74mc: ["riscv64"],
};

/** The family of a microarchitecture, for example `x86_64` of `haswell`; unknown names are their own family. */
export function microarchitectureFamily(name: string): string {
  const [parent] = Object.hasOwn(microarchitectureParents, name)
    ? (microarchitectureParents[name] ?? [])
    : [];
  return parent === undefined ? name : microarchitectureFamily(parent);
}

/**
 * The level of a 64-bit x86 target as OCI names the variants of `amd64`: `v1` to `v4`, the highest that it includes; undefined
 * for other architectures (x86-64 psABI, "Micro-Architecture Levels").
 */
export function ociVariant(target: string): string | undefined {
  if (microarchitectureFamily(target) !== "x86_64") return undefined;
  const included = new Set([target]);
  for (const name of included) {
    for (const parent of microarchitectureParents[name] ?? []) included.add(parent);
  }
  return ["v4", "v3", "v2"].find((level) => included.has(`x86_64_${level}`)) ?? "v1";
}

/** The architecture that an OCI image has for a target: Go's names for the two that Spack translates, else the family. */
export function ociArchitecture(target: string): string {
  const family = microarchitectureFamily(target);
  return family === "x86_64" ? "amd64" : family === "aarch64" ? "arm64" : family;
}
