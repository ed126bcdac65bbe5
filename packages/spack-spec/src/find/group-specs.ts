// Groups specs by architecture and compilers, under a heading with both.

import { formatAny } from "../format/format-spec.js";
import { formatArchitecture } from "../model/architecture.js";
import { sortSpecs } from "../model/sort-specs.js";
import type { Spec } from "../model/spec.js";
import { colorize } from "../text/color.js";
import { compareCodePoints } from "../text/compare.js";
import { pythonRepr } from "../text/python-text.js";
import { labelledLine, type OutputStyle } from "./terminal.js";

/** Specs under one heading. */
export interface SpecGroup<T extends Spec> {
  /** The line above the specs. */
  readonly heading: string;
  readonly specs: readonly T[];
}

/** The groups of `specs` and their headings in Spack's order (`spack/cmd/__init__.py: iter_groups`). */
export function groupSpecs<T extends Spec>(specs: readonly T[], style: OutputStyle): readonly SpecGroup<T>[] {
  const groups = new Map<string, { compilers: string; specs: T[] }>();
  for (const spec of specs) {
    // Formatted after another character, because format strings are trimmed.
    const compilers = formatAny(spec, "\\-{compilers}").slice(1).trim();
    const key = `(${architectureKey(spec)}, ${pythonRepr(` ${compilers}`)})`;
    const group = groups.get(key) ?? { compilers, specs: [] };
    group.specs.push(spec);
    groups.set(key, group);
  }
  const sorted = [...groups].sort(([left], [right]) => compareCodePoints(left, right));
  return sorted.map(([, group]) => ({
    heading: heading(group.specs[0], group.compilers, style),
    specs: sortSpecs(group.specs),
  }));
}

/** Spack sorts groups by Python's representation of their keys. */
function architectureKey({ architecture }: Spec): string {
  if (architecture === undefined) return "None";
  const { platform, os, target } = architecture;
  const parts = [pythonRepr(platform ?? null), pythonRepr(os ?? null), pythonRepr(target ?? "None")];
  return `ArchSpec((${parts.join(", ")}))`;
}

function heading(spec: Spec | undefined, compilers: string, style: OutputStyle): string {
  const architecture = spec?.architecture === undefined ? "no arch" : formatArchitecture(spec.architecture);
  const label = `@m{${architecture}} / @g{${compilers || "no compilers"}}`;
  return labelledLine(colorize(label, style.color === true), style);
}
