// The texts of a whole spec: as a string, in one line, and as a tree.

import { hasCompilersAsDependencies, isConcrete, type Spec } from "../model/spec.js";
import { formatDependencies, formatWithDependencies } from "./format-dependencies.js";
import type { Formatter } from "./format-options.js";
import { formatTree } from "./format-tree.js";
import { DEFAULT_FORMAT, DISPLAY_FORMAT, IDENTITY_FORMAT, SHORT_FORMAT } from "./formats.js";

/** `spec` as text: `name@version/hash`, or a constraint with its dependencies (`spack/spec.py: Spec.__str__`). */
export function specText(spec: Spec, format: Formatter): string {
  if (spec.node !== undefined) return format(spec, IDENTITY_FORMAT);
  return formatWithDependencies(spec, (node) => format(node, DEFAULT_FORMAT));
}

/** One line with the start of the hash (`Spec.short_spec`). */
export function shortSpecText(spec: Spec, format: Formatter): string {
  return format(spec, SHORT_FORMAT);
}

/** A tree of the spec and its dependencies (`Spec.long_spec`). */
export function longSpecText(spec: Spec, format: Formatter): string {
  if (spec.node === undefined) return formatWithDependencies(spec, (node) => format(node, DEFAULT_FORMAT));
  return formatTree([spec], { format: (node) => format(node, DISPLAY_FORMAT) });
}

/** ` %c,cxx=gcc@12.2.0`: the compilers after a space, or the space alone (`Spec.compilers`). */
export function compilersText(spec: Spec, format: Formatter): string {
  if (isConcrete(spec) && !hasCompilersAsDependencies(spec)) {
    return ` %${spec.compiler === undefined ? "none" : specText(spec.compiler, format)}`;
  }
  const languages = ["c", "cxx", "fortran"];
  const compilers = formatDependencies(spec, {
    format: (node) => format(node, "{name}{@version}"),
    formatCondition: (condition) => specText(condition, format),
    include: (edge) => languages.some((language) => edge.virtuals.includes(language)),
    types: false,
    allDirect: true,
  });
  return ` ${compilers}`;
}
