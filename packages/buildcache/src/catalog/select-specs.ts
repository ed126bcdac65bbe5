// Chooses specs by the constraints a user types, with Spack's syntax and semantics.

import { SpackOciError, suggestion } from "@spack-oci/errors";
import { readSpecFile } from "@spack-oci/spack-config";
import {
  catalogOfGraph,
  parseArguments,
  queryCatalog,
  type SpecGraph,
  type SpecNode,
  textOf,
} from "@spack-oci/spack-spec";
import { describeDifferences } from "./describe-differences.js";
import { canRun, describeArchitecture, isBuiltFor, type Machine } from "./machine.js";

/** What to choose from. */
export interface SpecPool {
  /** The candidates with all their dependencies, which constraints such as `^zlib` refer to. */
  readonly graph: SpecGraph;
  /** The nodes that can be chosen. */
  readonly candidates: readonly SpecNode[];
  /** Names the pool in errors, such as `the store /opt/spack`. */
  readonly name: string;
}

/**
 * The single candidate that each spec matches; all candidates if there are no specs.
 *
 * @param specs as on a command line: `name`, `name@1.2:`, `name +variant ^dependency`, `/hash`
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND` (`not-found`), `ERR_SPEC_AMBIGUOUS` (`usage`) with the candidates, and
 *   the errors of spec strings
 */
export function selectSpecs(pool: SpecPool, specs: readonly string[]): readonly SpecNode[] {
  if (specs.length === 0) return pool.candidates;
  return unique(matches(pool, specs).map(({ text, found }) => onlyOne(text, found, pool)));
}

/**
 * The first candidate in Spack's order that each spec matches; all candidates if there are no specs.
 *
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND` (`not-found`), and the errors of spec strings
 */
export function firstSpecs(pool: SpecPool, specs: readonly string[]): readonly SpecNode[] {
  if (specs.length === 0) return pool.candidates;
  return unique(
    matches(pool, specs).map(({ text, found: [first] }) => {
      if (first === undefined) throw notFound(text, pool.name);
      return first;
    }),
  );
}

/**
 * The single candidate for a machine that each spec matches: one for exactly its architecture if there is any, else one
 * that it can run. Without specs, all candidates that it can run.
 *
 * @throws SpackOciError `ERR_OTHER_MACHINE` (`not-found`) if all that is found is for other machines, and as
 *   `selectSpecs` does
 */
export function selectSpecsFor(
  machine: Machine,
  pool: SpecPool,
  specs: readonly string[],
): readonly SpecNode[] {
  if (specs.length === 0) {
    const fitting = pool.candidates.filter((node) => canRun(machine, node));
    if (fitting.length === 0 && pool.candidates.length > 0)
      throw otherMachine("", pool.candidates, { pool, machine });
    return fitting;
  }
  const chosen = matches(pool, specs).map(({ text, found }) => {
    const fitting = found.filter((node) => canRun(machine, node));
    if (fitting.length === 0 && found.length > 0) throw otherMachine(text, found, { pool, machine });
    const exact = fitting.filter((node) => isBuiltFor(node, machine));
    return onlyOne(text, exact.length > 0 ? exact : fitting, pool);
  });
  return unique(chosen);
}

function onlyOne(text: string, found: readonly SpecNode[], pool: SpecPool): SpecNode {
  const [only, ...others] = found;
  if (only === undefined) throw notFound(text, pool.name, pool.candidates);
  if (others.length > 0) throw ambiguous(text, found, pool);
  return only;
}

/**
 * Every candidate that any of the specs matches; all candidates if there are no specs.
 *
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND` if a spec matches nothing, and the errors of spec strings
 */
export function filterSpecs(pool: SpecPool, specs: readonly string[]): readonly SpecNode[] {
  if (specs.length === 0) return pool.candidates;
  const found = matches(pool, specs);
  const missing = found.find((match) => match.found.length === 0);
  if (missing !== undefined) throw notFound(missing.text, pool.name, pool.candidates);
  return unique(found.flatMap((match) => match.found));
}

/** Candidates that any of the specs matches; a spec may match nothing. */
export function matchingSpecs(pool: SpecPool, specs: readonly string[]): readonly SpecNode[] {
  return specs.length === 0 ? [] : unique(matches(pool, specs).flatMap((match) => match.found));
}

/**
 * The error for a spec that matches nothing.
 *
 * @param candidates what it could have matched, for a hint
 */
export function notFound(
  spec: string,
  poolName: string,
  candidates: readonly SpecNode[] = [],
): SpackOciError {
  return new SpackOciError("ERR_SPEC_NOT_FOUND", `${spec} is not in ${poolName}.`, {
    kind: "not-found",
    place: spec,
    hint: `${similarPackages(spec, candidates)}Run "spack-oci list" to see what a buildcache holds, or "spack find" to see what is installed.`,
  });
}

/** How many versions a hint names. */
const MAX_VERSIONS = 5;

/** The versions of the package, or a package with a similar name. */
function similarPackages(spec: string, candidates: readonly SpecNode[]): string {
  const [name = ""] = /^[\w-]+/.exec(spec) ?? [];
  const versions = new Set(candidates.filter((node) => node.name === name).map(({ version }) => version));
  if (versions.size === 0) return suggestion(name, new Set(candidates.map((node) => node.name)));
  const named = [...versions].slice(0, MAX_VERSIONS).join(", ");
  return `It has ${name}@${named}${versions.size > MAX_VERSIONS ? " and others" : ""}. `;
}

function otherMachine(
  spec: string,
  found: readonly SpecNode[],
  { pool, machine }: { readonly pool: SpecPool; readonly machine: Machine },
): SpackOciError {
  const architectures = found.flatMap(({ architecture }) => architecture ?? []).map(describeArchitecture);
  const existing = [...new Set(architectures)].sort().join(", ");
  const what = spec === "" ? "Everything" : `Every ${spec}`;
  return new SpackOciError(
    "ERR_OTHER_MACHINE",
    `${what} in ${pool.name} is for other machines: ${existing}. This machine is ${describeArchitecture(machine)}.`,
    {
      kind: "not-found",
      place: spec === "" ? pool.name : spec,
      hint: "Use --allarch to choose from packages for all machines.",
    },
  );
}

function matches(pool: SpecPool, specs: readonly string[]): { text: string; found: readonly SpecNode[] }[] {
  const catalog = catalogOfGraph(
    pool.graph,
    pool.candidates.map((node) => node.hash),
  );
  const constraints = parseArguments(specs, { readSpecFile });
  return constraints.map((constraint) => ({
    text: textOf(constraint),
    found: queryCatalog(catalog, constraint),
  }));
}

function ambiguous(spec: string, found: readonly SpecNode[], { graph, name }: SpecPool): SpackOciError {
  const candidates = describeDifferences(graph, found).join("\n");
  return new SpackOciError(
    "ERR_SPEC_AMBIGUOUS",
    `${spec} matches ${found.length} packages in ${name}:\n${candidates}`,
    {
      kind: "usage",
      place: spec,
      hint: "Add one of the differences to the spec, or choose a package by its hash, for example /abcdefg.",
    },
  );
}

/** Removes duplicates by DAG hash; keeps the first of each. */
export function unique(nodes: readonly SpecNode[]): readonly SpecNode[] {
  return [...new Map(nodes.map((node) => [node.hash, node])).values()];
}
