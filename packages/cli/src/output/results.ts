// What verbs return, as JSON documents; packages in all of them have the same shape.

import type { PackageName, PackageResult, PushResult, SkippedTag } from "@spack-oci/buildcache";
import { type ErrorJson, errorToJson } from "./json.js";

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

/** Tags that something went wrong with. */
export function tagErrorsToJson(tags: readonly SkippedTag[]): { tag: string; error: ErrorJson }[] {
  return tags.map(({ tag, error }) => ({ tag, error: errorToJson(error) }));
}

/** The form of an index in a JSON document; with `error` where it could not be written. */
export interface IndexJson {
  readonly outcome: string;
  readonly specs?: number;
  readonly added?: readonly PackageJson[];
  readonly removed?: readonly PackageJson[];
  readonly skipped?: readonly { readonly tag: string; readonly error: ErrorJson }[];
  readonly error?: ErrorJson;
}

export function indexToJson(result: NonNullable<PushResult["index"]>): IndexJson {
  if (result.outcome === "failed") return { outcome: result.outcome, error: errorToJson(result.error) };
  const { outcome, specs, added, removed } = result;
  return {
    outcome,
    specs,
    added: added.map(packageToJson),
    removed: removed.map(packageToJson),
    skipped: tagErrorsToJson(result.skipped),
  };
}
