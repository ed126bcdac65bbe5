// Detects the microarchitecture of this machine's processor as Spack's archspec does, using its table.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isMissing } from "@spack-oci/errors";
import { type ArchspecTable, builtInTable } from "./archspec-table.js";
import { readTableFile } from "./read-archspec.js";

/** A target and its family: `cascadelake` and `x86_64`. */
export interface HostTarget {
  readonly name: string;
  readonly family: string;
  /** Whether the processor could not be examined, so that `name` is only its family. */
  readonly isUnknown?: boolean | undefined;
}

interface Microarchitecture {
  readonly name: string;
  readonly vendor: string;
  readonly features: readonly string[];
  readonly ancestors: readonly string[];
  readonly generation: number;
  readonly cpupart: string;
}

/** The first processor in `/proc/cpuinfo`. */
export type CpuInfo = ReadonlyMap<string, string>;

const FAMILIES: Readonly<Record<string, string>> = {
  x64: "x86_64",
  arm64: "aarch64",
  ppc64: "ppc64le",
  riscv64: "riscv64",
  ia32: "x86",
};

const TABLES = [
  "lib/spack/spack/vendor/archspec/json/cpu/microarchitectures.json",
  "lib/spack/external/archspec/json/cpu/microarchitectures.json",
  "lib/spack/external/_vendoring/archspec/json/cpu/microarchitectures.json",
];

/**
 * The target of this machine, by the table of a Spack or else the built-in one; only its family if `/proc/cpuinfo`
 * cannot be read.
 *
 * Source: `archspec/cpu/detect.py`, `host`, vendored by Spack.
 *
 * @throws SpackOciError `ERR_ARCHSPEC` (corrupt) if the table of the Spack is damaged
 */
export function hostTarget(spackRoot: string | undefined): HostTarget {
  const family = FAMILIES[process.arch] ?? process.arch;
  const cpuinfo = readFirst(["/proc/cpuinfo"]);
  if (cpuinfo === undefined) return { name: family, family, isUnknown: true };
  return detectTarget(family, tableOf(spackRoot), parseCpuInfo(cpuinfo));
}

function tableOf(spackRoot: string | undefined): ArchspecTable {
  const files = spackRoot === undefined ? [] : TABLES.map((path) => join(spackRoot, path));
  for (const file of files) {
    const text = readFirst([file]);
    if (text !== undefined) return readTableFile(text, file);
  }
  return builtInTable();
}

/** The best target of `table` that a processor of `family` with `info` can run. */
export function detectTarget(family: string, table: ArchspecTable, info: CpuInfo): HostTarget {
  const known = readTable(table);
  const isRunnable = runnable(family, table, info);
  const candidates = known.filter((target) => isDescendant(target, family) && isRunnable(target));
  const generic = best(candidates.filter(({ vendor }) => vendor === "generic"));
  if (generic === undefined) return { name: family, family };
  const sameParts = candidates.filter(({ cpupart }) => cpupart !== "" && cpupart === info.get("CPU part"));
  const usable = sameParts.length > 0 ? sameParts : candidates;
  const chosen = best(usable.filter(({ ancestors }) => ancestors.includes(generic.name))) ?? generic;
  return { name: chosen.name, family };
}

function readTable({ microarchitectures }: ArchspecTable): Microarchitecture[] {
  const ancestorsOf = (name: string): string[] => {
    const parents = microarchitectures[name]?.from ?? [];
    return [...new Set([...parents, ...parents.flatMap(ancestorsOf)])];
  };
  return Object.entries(microarchitectures).map(
    ([name, { vendor, features, generation = 0, cpupart = "" }]) => ({
      name,
      vendor,
      features,
      generation,
      cpupart,
      ancestors: ancestorsOf(name),
    }),
  );
}

function runnable(
  family: string,
  table: ArchspecTable,
  info: CpuInfo,
): (target: Microarchitecture) => boolean {
  const features = new Set((info.get("flags") ?? info.get("Features") ?? "").split(/\s+/));
  const hasFeatures = (target: Microarchitecture) =>
    target.features.every((feature) => features.has(feature));
  if (family === "aarch64") {
    const code = info.get("CPU implementer") ?? "generic";
    const vendor = table.conversions?.arm_vendors?.[code] ?? code;
    return (target) =>
      (target.vendor === "generic" ? target.name === family : target.vendor === vendor) &&
      hasFeatures(target);
  }
  if (family === "ppc64le") {
    const generation = Number(/POWER(\d+)/.exec(info.get("cpu") ?? "")?.[1] ?? 0);
    return (target) => target.generation <= generation;
  }
  if (family === "riscv64") {
    const name = info.get("uarch") === "sifive,u74-mc" ? "u74mc" : info.get("uarch");
    return (target) => target.vendor === "generic" || target.name === name;
  }
  const vendor = info.get("vendor_id") ?? "generic";
  return (target) => (target.vendor === "generic" || target.vendor === vendor) && hasFeatures(target);
}

function isDescendant({ name, ancestors }: Microarchitecture, family: string): boolean {
  return name === family || ancestors.includes(family);
}

function best(candidates: readonly Microarchitecture[]): Microarchitecture | undefined {
  return candidates.reduce<Microarchitecture | undefined>((champion, target) => {
    if (champion === undefined) return target;
    const depth = target.ancestors.length - champion.ancestors.length;
    return depth > 0 || (depth === 0 && target.features.length > champion.features.length)
      ? target
      : champion;
  }, undefined);
}

function parseCpuInfo(text: string): CpuInfo {
  const first = text.trimStart().split(/\n\s*\n/)[0] ?? "";
  return new Map(
    first.split("\n").map((line) => {
      const [name = "", ...value] = line.split(":");
      return [name.trim(), value.join(":").trim()] as const;
    }),
  );
}

function readFirst(files: readonly string[]): string | undefined {
  for (const file of files) {
    try {
      return readFileSync(file, "utf8");
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return undefined;
}
