// Which packages a machine can run, by the platform, operating system and target that they were built for.

import { microarchitectureFamily, runsOn, type SpecNode } from "@spack-oci/spack-spec";

/** The machine that packages are chosen for. */
export interface Machine {
  readonly platform: string;
  readonly os: string;
  readonly target: string;
  /** Whether `target` is only the family of a processor that could not be examined. */
  readonly isTargetUnknown?: boolean | undefined;
  /** Operating systems whose packages run on this one, itself included. */
  readonly systems: ReadonlySet<string>;
}

/** `platform-os-target`. */
export function describeArchitecture({
  platform,
  os,
  target,
}: Pick<Machine, "platform" | "os" | "target">): string {
  return `${platform}-${os}-${target}`;
}

/**
 * Whether a package is for exactly the architecture of the machine: all that `spack buildcache install` considers
 * (Spack: binary_distribution.py, `BinaryCacheQuery`).
 */
export function isBuiltFor({ architecture }: SpecNode, machine: Machine): boolean {
  return (
    architecture?.platform === machine.platform &&
    architecture.os === machine.os &&
    architecture.target === machine.target
  );
}

/**
 * Whether the machine can run a package, as for packages that Spack's concretizer reuses (Spack: concretize.lp,
 * `os_compatible` and `target_compatible`). A package without an architecture is taken to run anywhere.
 */
export function canRun(machine: Machine, { architecture }: SpecNode): boolean {
  if (architecture === undefined) return true;
  const { platform, os, target } = architecture;
  if (platform !== machine.platform || !machine.systems.has(os)) return false;
  // What is not known of the processor must not rule anything out.
  if (machine.isTargetUnknown === true) return microarchitectureFamily(target) === machine.target;
  return runsOn(target, machine.target);
}
