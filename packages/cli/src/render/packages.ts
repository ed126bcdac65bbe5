// Packages and their outcomes, as JSON and as lines.

import type { PackageName, PackageResult } from "@spack-oci/buildcache";
import type { SpackOciError } from "@spack-oci/errors";
import { type ErrorJson, errorToJson } from "./json.js";

export interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
}

/** A package with the tag it has, or will have. */
interface PlannedPackage {
  readonly node: PackageName;
  readonly tag: string;
}

export function packageToJson({ name, version, hash }: PackageName): PackageJson {
  return { name, version, hash };
}

/** A package of a plan, with its tag. */
export function plannedToJson({ node, tag }: PlannedPackage): PackageJson & { readonly tag: string } {
  return { ...packageToJson(node), tag };
}

/** The short form for people: `name@version/hash7`. */
export function formatPackage({ name, version, hash }: PackageName): string {
  return `${name}@${version}/${hash.slice(0, 7)}`;
}

/** The packages that failed or were skipped. */
export function failuresToJson(packages: readonly PackageResult[]): {
  failed: (PackageJson & { error: ErrorJson })[];
  skipped: (PackageJson & { because: PackageJson })[];
} {
  return {
    failed: packages.flatMap((result) =>
      result.outcome === "failed"
        ? [{ ...packageToJson(result.package), error: errorToJson(result.error) }]
        : [],
    ),
    skipped: packages.flatMap((result) =>
      result.outcome === "skipped"
        ? [{ ...packageToJson(result.package), because: packageToJson(result.because) }]
        : [],
    ),
  };
}

/** `; 1 failed, 3 skipped`, or an empty string. */
export function describeFailures(packages: readonly PackageResult[]): string {
  const count = (outcome: string) => packages.filter((result) => result.outcome === outcome).length;
  const [failed, skipped] = [count("failed"), count("skipped")];
  if (failed + skipped === 0) return "";
  return skipped === 0 ? `; ${failed} failed` : `; ${failed} failed, ${skipped} skipped`;
}

export function packageErrors(packages: readonly PackageResult[]): readonly SpackOciError[] {
  return packages.flatMap((result) => (result.outcome === "failed" ? [result.error] : []));
}
