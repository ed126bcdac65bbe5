// Shows what an installed spec depends on, what depends on it, and where it is.

import { formatAny } from "../format/format-spec.js";
import { type DependencyFlags, dependencyFlags } from "../model/dependency-flags.js";
import type { ConcreteSpec, Spec } from "../model/spec.js";
import { selectEdges, walkDepthFirst } from "../model/traverse.js";
import { prefixOfSpec, recordOfSpec, type SpecCatalog } from "../query/catalog.js";
import { type FindOneOptions, findOne } from "../query/find-one.js";
import type { DependencyType } from "../specs/node.js";
import { allDependencyTypes } from "../specs/node.js";
import { displaySpecs } from "./display-specs.js";
import { message, type OutputStyle } from "./terminal.js";

/** How far to go from the spec, and how to show what is there. */
export interface RelativesOptions extends FindOneOptions {
  /** Also what is further away (`-t`). */
  readonly transitive?: boolean;
  /** The types of dependencies that count; all by default. */
  readonly deptypes?: readonly DependencyType[];
  readonly style?: OutputStyle;
}

/**
 * The output of `spack dependencies -i`.
 *
 * @throws SpackOciError `ERR_SPEC_NO_MATCH`, `ERR_SPEC_AMBIGUOUS`
 */
export function renderDependencies(
  catalog: SpecCatalog,
  constraint: Spec,
  options: RelativesOptions = {},
): string {
  const spec = findOne(catalog, constraint, options);
  const flags = dependencyFlags(...(options.deptypes ?? allDependencyTypes));
  const found =
    options.transitive === true
      ? walkDepthFirst([spec], { flags })
          .slice(1)
          .map((step) => step.spec)
      : selectEdges(spec, flags).map((edge) => edge.spec);
  return renderRelatives(catalog, spec, "Dependencies", found, options.style);
}

/** The output of `spack dependents -i`; errors as {@link renderDependencies}. */
export function renderDependents(
  catalog: SpecCatalog,
  constraint: Spec,
  options: RelativesOptions = {},
): string {
  const spec = findOne(catalog, constraint, options);
  const flags = dependencyFlags(...(options.deptypes ?? allDependencyTypes));
  const found = options.transitive === true ? allDependents(spec, flags) : directDependents(spec, flags);
  return renderRelatives(catalog, spec, "Dependents", found, options.style);
}

/** The output of `spack location -i`, the prefix of the spec; errors as {@link renderDependencies}. */
export function renderLocation(catalog: SpecCatalog, constraint: Spec, options: FindOneOptions = {}): string {
  return `${prefixOfSpec(catalog, findOne(catalog, constraint, options)) ?? ""}\n`;
}

function directDependents(spec: Spec, flags: DependencyFlags): readonly Spec[] {
  const edges = spec.concrete?.dependents ?? [];
  return edges.filter((edge) => edge.flags & flags).map((edge) => edge.parent);
}

function allDependents(spec: Spec, flags: DependencyFlags): readonly Spec[] {
  const found = new Set<Spec>();
  const visit = (from: Spec): void => {
    for (const parent of directDependents(from, flags)) {
      if (found.has(parent)) continue;
      found.add(parent);
      visit(parent);
    }
  };
  visit(spec);
  return [...found];
}

function renderRelatives(
  catalog: SpecCatalog,
  spec: ConcreteSpec,
  what: string,
  found: readonly Spec[],
  style: OutputStyle = {},
): string {
  const installed = [...new Set(found)].filter(
    (other) => recordOfSpec(catalog, other as ConcreteSpec)?.installed,
  );
  const name = formatAny(spec, "{name}{@version}{/hash:7}{%compiler}", { color: style.color === true });
  const title = style.columns === undefined ? "" : message(`${what} of ${name}`, style);
  if (installed.length === 0) return `${title}No ${what.toLowerCase()}\n`;
  const prefixOf = (other: Spec) => prefixOfSpec(catalog, other as ConcreteSpec);
  return title + displaySpecs(installed, { long: true }, { style, formatOptions: { prefixOf }, prefixOf });
}
