// Where a prefix keeps the recipe that its package was built from.

import type { SpecNode } from "@spack-oci/spack-spec";
import { recipeDirectoryName } from "./names.js";

/** Spack: installer.py, `dump_packages`. */
const KEPT = ".spack/repos";

/** Paths in the prefix, one for each layout of package repositories; a prefix has one of these files at most. */
export function keptRecipePaths({ name, namespace = "builtin" }: SpecNode): readonly string[] {
  const modules = namespace.split(".").join("/");
  return [
    `${KEPT}/spack_repo/${modules}/packages/${recipeDirectoryName(name)}/package.py`,
    `${KEPT}/${namespace}/packages/${name}/package.py`,
  ];
}
