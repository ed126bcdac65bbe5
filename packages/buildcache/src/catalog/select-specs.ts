// Chooses specs by what a user types, in Spack's syntax and with Spack's meaning.

import { SpackOciError } from "@spack-oci/errors";
import { readSpecFile } from "@spack-oci/spack-config";
import {
  catalogOfGraph,
  parseArguments,
  queryCatalog,
  type SpecGraph,
  type SpecNode,
  textOf,
} from "@spack-oci/spack-spec";
import { describePackage } from "../events/events.js";

/** What is chosen from. */
export interface SpecPool {
  /** Nodes with everything below them, which constraints such as `^zlib` look at. */
  readonly graph: SpecGraph;
  /** Those that can be chosen. */
  readonly candidates: readonly SpecNode[];
  /** Names the pool in errors: `the store /opt/spack`. */
  readonly name: string;
}

/**
 * The one candidate that each spec means; all candidates without specs.
 *
 * @param specs as on a command line: `name`, `name@1.2:`, `name +variant ^dependency`, `/hash`
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND` (`not-found`), `ERR_SPEC_AMBIGUOUS` (`usage`) with the candidates, and the errors
 *   of spec strings
 */
export function selectSpecs(pool: SpecPool, specs: readonly string[]): readonly SpecNode[] {
  if (specs.length === 0) return pool.candidates;
  const chosen = matches(pool, specs).map(({ text, found }) => {
    const [only, ...others] = found;
    if (only === undefined) throw notFound(text, pool.name);
    if (others.length > 0) throw ambiguous(text, found, pool.name);
    return only;
  });
  return unique(chosen);
}

/**
 * Every candidate that any of the specs means; all candidates without specs.
 *
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND` where a spec means none, and the errors of spec strings
 */
export function filterSpecs(pool: SpecPool, specs: readonly string[]): readonly SpecNode[] {
  if (specs.length === 0) return pool.candidates;
  const found = matches(pool, specs);
  const missing = found.find((match) => match.found.length === 0);
  if (missing !== undefined) throw notFound(missing.text, pool.name);
  return unique(found.flatMap((match) => match.found));
}

/** Candidates that any of the specs means; a spec may mean none. */
export function matchingSpecs(pool: SpecPool, specs: readonly string[]): readonly SpecNode[] {
  return specs.length === 0 ? [] : unique(matches(pool, specs).flatMap((match) => match.found));
}

/** The error for something that a user named and that is not there. */
export function notFound(spec: string, where: string): SpackOciError {
  return new SpackOciError("ERR_SPEC_NOT_FOUND", `${spec} is not in ${where}.`, {
    kind: "not-found",
    place: spec,
    hint: `"spack-oci list" tells what a buildcache holds, "spack find" what is installed.`,
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

function ambiguous(spec: string, found: readonly SpecNode[], where: string): SpackOciError {
  const candidates = found.map((node) => `  ${describePackage(node)}`).join("\n");
  return new SpackOciError(
    "ERR_SPEC_AMBIGUOUS",
    `${spec} matches ${found.length} packages in ${where}:\n${candidates}`,
    {
      kind: "usage",
      place: spec,
      hint: "Name one of them by its hash, for example /abcdefg.",
    },
  );
}

/** Each node once, by its hash, where it first stands. */
export function unique(nodes: readonly SpecNode[]): readonly SpecNode[] {
  return [...new Map(nodes.map((node) => [node.hash, node])).values()];
}
