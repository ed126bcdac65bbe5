// Describes a package by the documentation of its recipe.

import type { SpecNode } from "@spack-oci/spack-spec";
import { collapseSpace } from "./python-space.js";

/**
 * The first paragraph in one line, and everything in one line; without documentation, the name and version (Spack:
 * modules/common.py, `short_description` and `long_description`).
 */
export function describePackage(
  documentation: string | undefined,
  { name, version }: SpecNode,
): { readonly short: string; readonly long: string | undefined } {
  if (!documentation) return { short: `${name} @${version}`, long: undefined };
  const [paragraph = ""] = documentation.split("\n\n");
  return { short: collapseSpace(paragraph).replaceAll('"', "'"), long: collapseSpace(documentation) };
}
