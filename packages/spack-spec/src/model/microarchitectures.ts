// Compares CPU microarchitectures: which of them run the programs of which others, and who makes them.
import { microarchitectureParents } from "../specs/microarchitectures.js";

const makers: Readonly<Record<string, string>> = {
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

const makerOf = new Map(
  Object.entries(makers).flatMap(([maker, names]) => names.split(" ").map((name) => [name, maker] as const)),
);

/** Who makes the microarchitecture `name`; `generic` for families, feature levels and unknown names. */
export function microarchitectureVendor(name: string): string {
  return makerOf.get(name) ?? "generic";
}

/** Whether archspec knows `name`. */
export function isMicroarchitecture(name: string): boolean {
  return Object.hasOwn(microarchitectureParents, name);
}

/** The direct parents of `name`; none if it is a family or unknown. */
export function parentsOf(name: string): readonly string[] {
  return isMicroarchitecture(name) ? (microarchitectureParents[name] ?? []) : [];
}

/** All microarchitectures whose programs run on `name`, itself left out. */
function ancestorsOf(name: string): readonly string[] {
  const parents = parentsOf(name);
  return [...new Set([...parents, ...parents.flatMap(ancestorsOf)])];
}

/** Whether programs for `older` run on `newer` (archspec's `older <= newer`). */
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
