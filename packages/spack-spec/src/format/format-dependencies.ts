// Formats the dependencies that follow a spec: `%c=gcc@12 ^[deptypes=link] zlib@1.2`.

import { legacyCompilerName } from "../model/compiler-names.js";
import { dependencyTypes } from "../model/dependency-types.js";
import { type DependencyEdge, dependencyEdges, type Spec } from "../model/spec.js";
import { compareCodePoints } from "../text/compare.js";

/** How to format dependencies. */
export interface DependencyFormat {
  /** Formats the dependency itself. */
  readonly format: (spec: Spec) => string;
  /** Formats the condition of a dependency as a string that can be parsed again. */
  readonly formatCondition: (spec: Spec) => string;
  /** Which dependencies to include; all by default. */
  readonly include?: (edge: DependencyEdge) => boolean;
  /** Whether to include dependency types; true by default. */
  readonly types?: boolean;
  /** Whether to write all dependencies with `%`, even those that need not be direct. */
  readonly allDirect?: boolean;
}

/**
 * The dependencies of `spec`: first the direct ones; then, in a constraint, the others, each followed by its own
 * (`spack/spec.py: Spec._format_dependencies`).
 */
export function formatDependencies(spec: Spec, options: DependencyFormat): string {
  const include = options.include ?? (() => true);
  const edges = [...dependencyEdges(spec)]
    .filter(include)
    .sort((a, b) => compareCodePoints(a.spec.name, b.spec.name));
  const concrete = spec.node !== undefined;
  const parts = edges.filter((edge) => concrete || edge.direct).map((edge) => formatDirect(edge, options));
  for (const edge of edges.filter((other) => !concrete && !other.direct)) {
    parts.push(formatEdge(options.allDirect === true ? "%" : "^", edge, options));
    if (edge.spec.dependencies.size > 0) parts.push(formatDependencies(edge.spec, options));
  }
  return parts.join(" ").trim();
}

function formatDirect(edge: DependencyEdge, options: DependencyFormat): string {
  const legacy = legacyCompilerName(edge.spec.name);
  const spec = legacy === undefined ? edge.spec : renamed(edge.spec, legacy);
  return formatEdge(edge.propagate ? "%%" : "%", { ...edge, spec }, options);
}

/** `spec` under another name, without evaluating its lazy members. */
function renamed(spec: Spec, name: string): Spec {
  return new Proxy(spec, {
    get: (members, key) => (key === "name" ? name : (Reflect.get(members, key, members) as unknown)),
  });
}

function formatEdge(sigil: string, edge: DependencyEdge, options: DependencyFormat): string {
  const text = options.format(edge.spec);
  const attributes = edgeAttributes(edge, options);
  const virtuals = edge.virtuals.length > 0 ? `${edge.virtuals.join(",")}=` : "";
  return `${sigil}${attributes}${needsStar(edge, text) ? "*" : ""}${virtuals}${text}`;
}

function edgeAttributes(edge: DependencyEdge, { formatCondition, types = true }: DependencyFormat): string {
  const when = edge.when === undefined ? [] : [`when='${formatCondition(edge.when)}'`];
  const deptypes = types && edge.flags !== 0 ? [`deptypes=${dependencyTypes(edge.flags).join(",")}`] : [];
  const attributes = [...when, ...deptypes];
  return attributes.length > 0 ? `[${attributes.join(" ")}] ` : "";
}

/** `spec` and its dependencies (`Spec._long_spec` of a constraint). */
export function formatWithDependencies(spec: Spec, format: (spec: Spec) => string): string {
  const formatCondition = (condition: Spec) => formatWithDependencies(condition, format);
  return `${format(spec)} ${formatDependencies(spec, { format, formatCondition })}`.trim();
}

/** Whether the missing name needs a `*`, because the text would mean something else without it (`_anonymous_star`). */
function needsStar(edge: DependencyEdge, text: string): boolean {
  const { spec } = edge;
  if (spec.name !== "") return false;
  if (edge.virtuals.length > 0) return true;
  if (text.startsWith("@")) return false;
  if (spec.compilerFlags.size > 0) return true;
  if (![...spec.variants.values()].some((variant) => variant.type === "bool")) return true;
  return spec.architecture !== undefined;
}
