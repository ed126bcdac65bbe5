// What verbs return, as JSON documents; packages in all of them have the same shape.

import type { PackageName, PackageResult, SkippedTag, UpdateIndexResult } from "@spack-oci/buildcache";
import { type ErrorJson, errorToJson } from "./render-error.js";

export interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
}

export function packageToJson({ name, version, hash }: PackageName): PackageJson {
  return { name, version, hash };
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

export function indexToJson(result: UpdateIndexResult): {
  outcome: string;
  specs: number;
  skipped: { tag: string; error: ErrorJson }[];
} {
  const skipped = (tag: SkippedTag) => ({ tag: tag.tag, error: errorToJson(tag.error) });
  return { outcome: result.outcome, specs: result.specs, skipped: result.skipped.map(skipped) };
}
