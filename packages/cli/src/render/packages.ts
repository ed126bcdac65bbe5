// Packages and what became of them, in JSON and in lines.

import type { PackageName, PackageResult } from "@spack-oci/buildcache";
import type { SpackOciError } from "@spack-oci/errors";
import { type ErrorJson, errorToJson } from "./json.js";

export interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
}

export function packageToJson({ name, version, hash }: PackageName): PackageJson {
  return { name, version, hash };
}

/** The short form that people read: `name@version/hash7`. */
export function formatPackage({ name, version, hash }: PackageName): string {
  return `${name}@${version}/${hash.slice(0, 7)}`;
}

/** The packages that failed or were skipped, for a result's JSON. */
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

/** `; 1 failed, 3 were skipped`, or nothing. */
export function describeFailures(packages: readonly PackageResult[]): string {
  const count = (outcome: string) => packages.filter((result) => result.outcome === outcome).length;
  const [failed, skipped] = [count("failed"), count("skipped")];
  if (failed + skipped === 0) return "";
  return skipped === 0 ? `; ${failed} failed` : `; ${failed} failed, ${skipped} were skipped`;
}

export function packageErrors(packages: readonly PackageResult[]): readonly SpackOciError[] {
  return packages.flatMap((result) => (result.outcome === "failed" ? [result.error] : []));
}
