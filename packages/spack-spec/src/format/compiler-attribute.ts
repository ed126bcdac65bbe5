// The attribute `compiler`: the first of the C, C++ and Fortran compilers.

import { dependencyEdges, hasCompilersAsDependencies, isConcrete, type Spec } from "../model/spec.js";
import { isAnyVersion } from "../versions/range.js";
import { type Attribute, attribute, textAttribute } from "./attribute.js";
import type { Formatter } from "./format-options.js";
import { specText } from "./spec-texts.js";
import { versionAttribute, versionsAttribute } from "./version-attributes.js";

/** The compiler of `spec`, or `undefined` if it has none (`spack/spec.py: DeprecatedCompilerSpec`). */
export function compilerAttribute(spec: Spec, format: Formatter): Attribute | undefined {
  const compiler = compilerOf(spec);
  if (compiler === undefined) return undefined;
  const display = isAnyVersion(compiler.versions) ? "{name}" : "{name}{@version}";
  return attribute(
    () => specText(compiler, format),
    () => ({
      name: () => textAttribute(compiler.name),
      version: () => versionAttribute(compiler.versions),
      versions: () => versionsAttribute(compiler.versions),
      display_str: () => textAttribute(format(compiler, display)),
    }),
  );
}

function compilerOf(spec: Spec): Spec | undefined {
  if (isConcrete(spec) && !hasCompilersAsDependencies(spec)) return spec.compiler;
  const edges = dependencyEdges(spec);
  for (const language of ["c", "cxx", "fortran"]) {
    const edge = edges.find((candidate) => candidate.virtuals.includes(language));
    if (edge !== undefined) return edge.spec;
  }
  return undefined;
}
