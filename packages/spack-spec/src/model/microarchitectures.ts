// CPU microarchitectures: which of them are compatible, who makes them, and what OCI calls them.

/**
 * The direct parents of each microarchitecture, as in archspec: a program for a parent also runs on the child. Those
 * without parents are families.
 */
export const PARENTS: Readonly<Record<string, readonly string[]>> = {
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

const MAKERS: Readonly<Record<string, string>> = {
  GenuineIntel:
    "i686 pentium2 pentium3 pentium4 prescott nocona core2 nehalem westmere sandybridge ivybridge haswell broadwell " +
    "skylake mic_knl skylake_avx512 cannonlake cascadelake icelake sapphirerapids",
  AuthenticAMD: "k10 bulldozer piledriver steamroller excavator zen zen2 zen3 zen4 zen5",
  IBM: "power7 power8 power9 power10 power8le power9le power10le",
  ARM: "cortex_a72 neoverse_n1 neoverse_v1 neoverse_v2 neoverse_n2",
  Apple: "m1 m2 m3 m4",
  Cavium: "thunderx2",
  Fujitsu: "a64fx",
  SiFive: "u74mc",
};

const MAKER_OF = new Map(
  Object.entries(MAKERS).flatMap(([maker, names]) => names.split(" ").map((name) => [name, maker] as const)),
);

/** Whether archspec knows `name`. */
export function isMicroarchitecture(name: string): boolean {
  return Object.hasOwn(PARENTS, name);
}

/** The direct parents of `name`; none for a family or an unknown name. */
export function parentsOf(name: string): readonly string[] {
  return isMicroarchitecture(name) ? (PARENTS[name] ?? []) : [];
}

/**
 * The family of a microarchitecture, such as `x86_64` for `haswell`; an unknown name is its own family.
 *
 * @example
 * ```ts
 * import { microarchitectureFamily } from "@spack-oci/spack-spec";
 *
 * console.log(microarchitectureFamily("zen4")); // x86_64
 * ```
 */
export function microarchitectureFamily(name: string): string {
  const [parent] = parentsOf(name);
  return parent === undefined ? name : microarchitectureFamily(parent);
}

/**
 * Who makes the microarchitecture `name`; `generic` for families, feature levels and unknown names.
 *
 * @example
 * ```ts
 * import { microarchitectureVendor } from "@spack-oci/spack-spec";
 *
 * console.log(microarchitectureVendor("zen4"), microarchitectureVendor("x86_64_v3")); // AuthenticAMD generic
 * ```
 */
export function microarchitectureVendor(name: string): string {
  return MAKER_OF.get(name) ?? "generic";
}

/** All microarchitectures whose programs run on `name`, without itself. */
function ancestorsOf(name: string): readonly string[] {
  const parents = parentsOf(name);
  return [...new Set([...parents, ...parents.flatMap(ancestorsOf)])];
}

/**
 * Whether programs for `older` run on `newer` (archspec's `older <= newer`).
 *
 * @example
 * ```ts
 * import { runsOn } from "@spack-oci/spack-spec";
 *
 * console.log(runsOn("x86_64_v3", "zen4"), runsOn("zen4", "x86_64_v3")); // true false
 * ```
 */
export function runsOn(older: string, newer: string): boolean {
  return older === newer || ancestorsOf(newer).includes(older);
}

/** The best microarchitecture of no particular vendor whose programs run on `name`. */
export function genericOf(name: string): string {
  const generic = [name, ...ancestorsOf(name)].filter(
    (other) => microarchitectureVendor(other) === "generic",
  );
  return generic.reduce((best, other) =>
    ancestorsOf(other).length > ancestorsOf(best).length ? other : best,
  );
}

/**
 * The level of a 64-bit x86 target, as an OCI variant of `amd64`: `v1` to `v4`, the highest that it includes; undefined
 * for other architectures (x86-64 psABI, "Micro-Architecture Levels").
 */
export function ociVariant(target: string): string | undefined {
  if (microarchitectureFamily(target) !== "x86_64") return undefined;
  return ["v4", "v3", "v2"].find((level) => runsOn(`x86_64_${level}`, target)) ?? "v1";
}

/**
 * The architecture of an OCI image for a target: Go's names for the two that Spack translates, else the family.
 *
 * @example
 * ```ts
 * import { ociArchitecture } from "@spack-oci/spack-spec";
 *
 * console.log(ociArchitecture("zen4"), ociArchitecture("neoverse_v2")); // amd64 arm64
 * ```
 */
export function ociArchitecture(target: string): string {
  const family = microarchitectureFamily(target);
  return family === "x86_64" ? "amd64" : family === "aarch64" ? "arm64" : family;
}
