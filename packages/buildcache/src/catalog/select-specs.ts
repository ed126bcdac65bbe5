// Chooses specs by the constraints a user types, with Spack's syntax and semantics.

import { SpackOciError } from "@spack-oci/errors";
import { readSpecFile } from "@spack-oci/spack-config";
import {
  catalogOfGraph,
  formatSpec,
  parseArguments,
  queryCatalog,
  type SpecGraph,
  type SpecNode,
  textOf,
} from "@spack-oci/spack-spec";
import { describePackage } from "../events/events.js";

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
  const chosen = matches(pool, specs).map(({ text, found }) => {
    const [only, ...others] = found;
    if (only === undefined) throw notFound(text, pool.name);
    if (others.length > 0) throw ambiguous(text, found, pool);
    return only;
  });
  return unique(chosen);
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
  if (missing !== undefined) throw notFound(missing.text, pool.name);
  return unique(found.flatMap((match) => match.found));
}

/** Candidates that any of the specs matches; a spec may match nothing. */
export function matchingSpecs(pool: SpecPool, specs: readonly string[]): readonly SpecNode[] {
  return specs.length === 0 ? [] : unique(matches(pool, specs).flatMap((match) => match.found));
}

/** The error for a spec that matches nothing. */
export function notFound(spec: string, poolName: string): SpackOciError {
  return new SpackOciError("ERR_SPEC_NOT_FOUND", `${spec} is not in ${poolName}.`, {
    kind: "not-found",
    place: spec,
    hint: `Run "spack-oci list" to see what a buildcache holds, or "spack find" to see what is installed.`,
  });
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

/** What usually tells candidates apart: variants, operating system and target. */
const DIFFERENCES = "{variants}{ arch=architecture}";

function ambiguous(spec: string, found: readonly SpecNode[], { graph, name }: SpecPool): SpackOciError {
  const candidates = found.map((node) => {
    const differences = formatSpec(graph, node, DIFFERENCES).trim();
    return `  ${describePackage(node)}  ${differences}`.trimEnd();
  });
  return new SpackOciError(
    "ERR_SPEC_AMBIGUOUS",
    `${spec} matches ${found.length} packages in ${name}:\n${candidates.join("\n")}`,
    {
      kind: "usage",
      place: spec,
      hint: "Choose one of them by its hash, for example /abcdefg.",
    },
  );
}

/** Removes duplicates by DAG hash; keeps the first of each. */
export function unique(nodes: readonly SpecNode[]): readonly SpecNode[] {
  return [...new Map(nodes.map((node) => [node.hash, node])).values()];
}
