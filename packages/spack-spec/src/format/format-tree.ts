// Draws specs with their dependencies as an indented tree.

import { type DependencyFlags, dependencyFlags, dependencyLetters } from "../model/dependency-types.js";
import type { Spec } from "../model/spec.js";
import { type Step, type WalkOptions, walkDepthFirst, walkTree } from "../model/walk.js";
import { colorize } from "../text/color.js";

/** How to draw. */
export interface TreeOptions extends WalkOptions {
  /** Formats one spec. */
  readonly format: (spec: Spec) => string;
  readonly color?: boolean;
  /** Whether to print the hash before each spec, and how much of it; the whole hash by default. */
  readonly hashes?: boolean;
  readonly hashLength?: number;
  /** Whether to print the dependency types before each spec. */
  readonly showTypes?: boolean;
  /** Spaces before each line. */
  readonly indent?: number;
}

/** One line for each spec, indented by depth, with `^` before dependencies (`spack/spec.py: tree`). */
export function formatTree(roots: readonly Spec[], options: TreeOptions): string {
  const types = options.showTypes === true ? typesOf(roots, options) : () => 0;
  return walkTree(roots, options)
    .map((step) => `${" ".repeat(options.indent ?? 0)}${formatLine(step, types(step), options)}\n`)
    .join("");
}

function formatLine(step: Step, types: DependencyFlags, options: TreeOptions): string {
  const hash = step.spec.node?.hash.slice(0, options.hashLength) ?? "";
  const parts = [
    options.hashes === true ? colorize(`@K{${hash}}  `, options.color === true) : "",
    options.showTypes === true ? `[${dependencyLetters(types)}]  ` : "",
    "    ".repeat(step.depth),
    step.depth > 0 ? "^" : "",
    options.format(step.spec),
  ];
  return parts.join("");
}

/** The types of a step's edge; if each spec is printed once, those of all edges to it. */
function typesOf(roots: readonly Spec[], options: TreeOptions): (step: Step) => DependencyFlags {
  if (options.cover === "edges") return (step) => step.edge?.flags ?? dependencyFlags();
  const merged = new Map<Spec, DependencyFlags>();
  for (const { spec, edge } of walkDepthFirst(roots, { ...options, cover: "edges" })) {
    if (edge !== undefined) merged.set(spec, (merged.get(spec) ?? 0) | edge.flags);
  }
  return (step) => merged.get(step.spec) ?? 0;
}
