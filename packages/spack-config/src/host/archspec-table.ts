// What archspec knows of processors: the format of its table, and a built-in one for machines without Spack's.

import { microarchitectureVendor, PARENTS } from "@spack-oci/spack-spec";

/** archspec's `microarchitectures.json`. */
export interface ArchspecTable {
  readonly microarchitectures: Readonly<
    Record<
      string,
      {
        readonly from: readonly string[];
        readonly vendor: string;
        readonly features: readonly string[];
        readonly generation?: number | undefined;
        readonly cpupart?: string | undefined;
      }
    >
  >;
  readonly conversions?: { readonly arm_vendors?: Readonly<Record<string, string>> };
}

/** A microarchitecture's own properties. */
interface Processor {
  /** What it has more than its parents, and after a minus sign less. */
  readonly features?: string;
  /** The part number of an ARM processor. */
  readonly cpupart?: string;
  /** The number of a POWER processor. */
  readonly generation?: number;
}

// Names of features and vendors. cspell:disable

/** Source: `microarchitectures.json` of the archspec that Spack 1.2 vendors. */
const PROCESSORS: Readonly<Record<string, Processor>> = {
  pentium2: { features: "mmx" },
  pentium3: { features: "sse" },
  pentium4: { features: "sse2" },
  prescott: { features: "sse3" },
  x86_64_v2: { features: "cx16 lahf_lm mmx sse sse2 ssse3 sse4_1 sse4_2 popcnt" },
  x86_64_v3: { features: "avx avx2 bmi1 bmi2 f16c fma abm movbe xsave" },
  x86_64_v4: { features: "avx512f avx512bw avx512cd avx512dq avx512vl" },
  nocona: { features: "mmx sse sse2 sse3" },
  core2: { features: "ssse3 -sse3" },
  westmere: { features: "aes pclmulqdq" },
  sandybridge: { features: "avx" },
  ivybridge: { features: "rdrand f16c" },
  broadwell: { features: "rdseed adx" },
  skylake: { features: "clflushopt xsavec xsaveopt" },
  mic_knl: { features: "avx512f avx512pf avx512er avx512cd" },
  skylake_avx512: { features: "clwb" },
  cannonlake: { features: "avx512f avx512vl avx512bw avx512dq avx512cd avx512vbmi avx512ifma sha_ni" },
  cascadelake: { features: "avx512_vnni" },
  icelake: { features: "rdpid gfni avx512_vbmi2 avx512_vpopcntdq avx512_bitalg vpclmulqdq vaes" },
  sapphirerapids: {
    features: "avx512_bf16 cldemote movdir64b movdiri serialize waitpkg amx_bf16 amx_tile amx_int8",
  },
  k10: { features: "mmx sse sse2 sse4a abm cx16 3dnow 3dnowext" },
  bulldozer: { features: "sse4a xsave abm avx xop fma4 aes pclmulqdq" },
  piledriver: { features: "bmi1 f16c fma tbm" },
  steamroller: { features: "fsgsbase" },
  zen: { features: "fsgsbase rdseed clzero aes pclmulqdq sse4a xsavec xsaveopt clflushopt" },
  zen2: { features: "clwb" },
  zen3: { features: "vaes vpclmulqdq pku" },
  zen4: {
    features:
      "gfni flush_l1d avx512ifma avx512_bf16 avx512vbmi avx512_vbmi2 avx512_vnni avx512_bitalg avx512_vpopcntdq",
  },
  zen5: { features: "avx512_vp2intersect avx_vnni ibrs_enhanced movdir64b movdiri tsc_adjust" },
  power7: { generation: 7 },
  power8: { generation: 8 },
  power9: { generation: 9 },
  power10: { generation: 10 },
  power8le: { generation: 8 },
  power9le: { generation: 9 },
  power10le: { generation: 10 },
  thunderx2: {
    features: "fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics cpuid asimdrdm",
    cpupart: "0x0af",
  },
  a64fx: {
    features: "fp asimd evtstrm sha1 sha2 crc32 atomics cpuid asimdrdm fphp asimdhp fcma dcpop sve",
    cpupart: "0x001",
  },
  cortex_a72: { features: "fp asimd evtstrm aes pmull sha1 sha2 crc32 cpuid", cpupart: "0xd08" },
  neoverse_n1: { features: "atomics fphp asimdhp asimdrdm lrcpc dcpop asimddp", cpupart: "0xd0c" },
  neoverse_v1: {
    features:
      "jscvt fcma sha3 sha512 sve asimdfhm dit uscat ilrcpc flagm dcpodp svei8mm svebf16 i8mm bf16 dgh rng",
    cpupart: "0xd40",
  },
  neoverse_v2: {
    features:
      "jscvt fcma sha3 sha512 sve asimdfhm uscat ilrcpc flagm sb dcpodp sve2 flagm2 frint svei8mm svebf16 i8mm bf16",
    cpupart: "0xd4f",
  },
  neoverse_n2: {
    features:
      "jscvt fcma sha3 sha512 sve asimdfhm uscat ilrcpc flagm sb dcpodp sve2 flagm2 frint svei8mm svebf16 i8mm bf16",
    cpupart: "0xd49",
  },
  m1: {
    features:
      "fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm jscvt fcma lrcpc dcpop sha3 asimddp sha512 asimdfhm dit uscat ilrcpc flagm ssbs sb paca pacg dcpodp flagm2 frint",
    cpupart: "0x022",
  },
  m2: { features: "ecv bf16 i8mm bti", cpupart: "0x032" },
  m3: { cpupart: "Unknown" },
  m4: { features: "sme sme2", cpupart: "Unknown" },
};

/** Vendors by the code of an ARM processor's implementer. */
const ARM_VENDORS: Readonly<Record<string, string>> = {
  "0x41": "ARM",
  "0x42": "Broadcom",
  "0x43": "Cavium",
  "0x44": "DEC",
  "0x46": "Fujitsu",
  "0x48": "HiSilicon",
  "0x49": "Infineon Technologies AG",
  "0x4d": "Motorola",
  "0x4e": "Nvidia",
  "0x50": "APM",
  "0x51": "Qualcomm",
  "0x53": "Samsung",
  "0x56": "Marvell",
  "0x61": "Apple",
  "0x66": "Faraday",
  "0x68": "HXT",
  "0x69": "Intel",
};

// cspell:enable

/** The built-in table, in archspec's format. */
export function builtInTable(): ArchspecTable {
  const microarchitectures = Object.entries(PARENTS).map(([name, from]) => {
    const { cpupart, generation } = PROCESSORS[name] ?? {};
    const vendor = microarchitectureVendor(name);
    return [name, { from, vendor, features: featuresOf(name), cpupart, generation }] as const;
  });
  return {
    microarchitectures: Object.fromEntries(microarchitectures),
    conversions: { arm_vendors: ARM_VENDORS },
  };
}

function featuresOf(name: string): readonly string[] {
  const inherited = (PARENTS[name] ?? []).flatMap(featuresOf);
  const own = (PROCESSORS[name]?.features ?? "").split(" ").filter((feature) => feature !== "");
  const all = new Set([...inherited, ...own]);
  return [...all].filter((feature) => !feature.startsWith("-") && !all.has(`-${feature}`));
}
