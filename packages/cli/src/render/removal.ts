// Packages that were removed from a store, as JSON and as lines.

import type { PackageName } from "@spack-oci/buildcache";
import type { SpackOciError } from "@spack-oci/errors";
import { errorToJson } from "./json.js";
import { formatPackage, packageToJson } from "./packages.js";
import { formatCount } from "./units.js";

/** The result of `uninstall` or `gc`. */
interface Removal {
  readonly outcome: string;
  /** What was to be removed. */
  readonly packages: readonly PackageName[];
  readonly removed: readonly PackageName[];
  readonly left: readonly PackageName[];
  readonly failed?: { readonly package: PackageName; readonly error: SpackOciError };
  readonly moduleFiles: readonly string[];
}

export function removalToJson({ outcome, packages, removed, left, failed, moduleFiles }: Removal) {
  return {
    outcome,
    packages: packages.map(packageToJson),
    removed: removed.map(packageToJson),
    left: left.map(packageToJson),
    ...(failed && { failed: { ...packageToJson(failed.package), error: errorToJson(failed.error) } }),
    moduleFiles,
  };
}

/** @param nothing what to say if there is nothing to remove */
export function removalLines(removal: Removal, nothing: string): readonly string[] {
  const { outcome, packages, removed, moduleFiles } = removal;
  if (outcome === "nothing") return [nothing];
  if (outcome === "declined") return ["Nothing was uninstalled."];
  if (outcome === "planned") {
    const lines = packages.map((each) => `would uninstall ${formatPackage(each)}`);
    return [...lines, `Would uninstall ${formatCount(packages.length, "package")}.`];
  }
  const files = moduleFiles.length === 0 ? "" : ` and ${formatCount(moduleFiles.length, "module file")}`;
  const of = removed.length === packages.length ? "" : ` of ${packages.length}`;
  return [`Uninstalled ${removed.length}${of} ${packages.length === 1 ? "package" : "packages"}${files}.`];
}
