// Where a prefix keeps the recipe that its package was built from.

import type { SpecNode } from "@spack-oci/spack-spec";
import { recipeDirectoryName } from "./names.js";

/** Spack: installer.py, `dump_packages`. */
const KEPT = ".spack/repos";

/**
 * Paths in the prefix, one for each layout of package repositories; a prefix has one of these files at most.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { keptRecipePaths } from "@spack-oci/spack-modules";
 * import { parseSpecDocument } from "@spack-oci/spack-spec";
 *
 * const { root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(keptRecipePaths(root)[0]?.endsWith("/package.py")); // true
 * ```
 */
export function keptRecipePaths({ name, namespace = "builtin" }: SpecNode): readonly string[] {
  const modules = namespace.split(".").join("/");
  return [
    `${KEPT}/spack_repo/${modules}/packages/${recipeDirectoryName(name)}/package.py`,
    `${KEPT}/${namespace}/packages/${name}/package.py`,
  ];
}
