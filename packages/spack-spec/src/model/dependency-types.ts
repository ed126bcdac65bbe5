// Dependency types, and sets of them as numbers that sort as Spack sorts edges.

/** What a dependency is needed for (`spack/deptypes.py`). */
export type DependencyType = "build" | "link" | "run" | "test";

/** All dependency types, in the order in which Spack lists them. */
export const ALL_DEPENDENCY_TYPES: readonly DependencyType[] = ["build", "link", "run", "test"];

/** A set of dependency types, one bit for each (`spack/deptypes.py`). */
export type DependencyFlags = number;

const BITS: Readonly<Record<DependencyType, DependencyFlags>> = { link: 1, run: 2, build: 4, test: 8 };

/** All dependency types. */
export const ANY_DEPENDENCY: DependencyFlags = 15;

/**
 * The set of `types`.
 *
 * @example
 * ```ts
 * import { dependencyFlags } from "@spack-oci/spack-spec";
 *
 * console.log(dependencyFlags("build", "link") & dependencyFlags("run")); // 0
 * ```
 */
export function dependencyFlags(...types: readonly DependencyType[]): DependencyFlags {
  return types.reduce((flags, type) => flags | BITS[type], 0);
}

/** The types in `flags`, in the order in which Spack lists them. */
export function dependencyTypes(flags: DependencyFlags): readonly DependencyType[] {
  return ALL_DEPENDENCY_TYPES.filter((type) => flags & BITS[type]);
}

/** `bl  `, `  r `: a letter for each type in `flags`, a space for the others (`flag_to_chars`). */
export function dependencyLetters(flags: DependencyFlags): string {
  return ALL_DEPENDENCY_TYPES.map((type) => (flags & BITS[type] ? type.slice(0, 1) : " ")).join("");
}

/** Whether a spec may depend in both ways on two specs with the same name (`compatible`). */
export function compatibleFlags(left: DependencyFlags, right: DependencyFlags): boolean {
  const linkOrRun = dependencyFlags("link", "run");
  return (left & right) === 0 && !((left & linkOrRun) !== 0 && (right & linkOrRun) !== 0);
}
