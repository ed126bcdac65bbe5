// Finds the specs that `spack find` shows: those of a store, or of the active environment.

import { SpackOciError, suggestion } from "@spack-oci/errors";
import { satisfies } from "../match/satisfies.js";
import { concreteSpecs } from "../model/concrete-specs.js";
import type { ConcreteSpec } from "../model/spec.js";
import { parseArguments } from "../parse/command-line.js";
import type { ParseOptions } from "../parse/parse-options.js";
import { recordOf, type SpecCatalog } from "../query/catalog.js";
import { type QueryOptions, querySpecs } from "../query/query.js";
import type { FindEnvironment } from "./find-environment.js";

/** What to find. */
export interface FindSpecsOptions extends QueryOptions {
  /** Constraints as on a command line; all specs by default. */
  readonly constraints?: readonly string[];
  /** Only externals (`-e`). */
  readonly external?: boolean;
  /** Only packages with these hashes, which a shell has loaded (`--loaded`). */
  readonly loaded?: ReadonlySet<string>;
  /** The active environment: only its specs are found, and its roots come first. */
  readonly environment?: FindEnvironment;
  /** In an environment, also specs that are not installed yet (`-c`). */
  readonly showConcretized?: boolean;
  readonly parse?: ParseOptions;
}

/**
 * The specs that `spack find` shows, in Spack's order; in an environment, in the environment's order.
 *
 * @throws SpackOciError `ERR_SPEC_NO_MATCH` if there are constraints and no spec matches, and the errors of constraints
 */
export function findSpecs(catalog: SpecCatalog, options: FindSpecsOptions = {}): readonly ConcreteSpec[] {
  const { constraints = [], environment } = options;
  const hashes = environment === undefined ? options.hashes : new Set(environment.hashes);
  const query = { ...options, ...(hashes === undefined ? {} : { hashes }) };
  const sorted = querySpecs(catalog, parseArguments(constraints, options.parse), query);
  const found = environment === undefined ? sorted : inOrderOf(environment.hashes, sorted);
  const shown = options.external === true ? found.filter((spec) => spec.node.external !== undefined) : found;
  const pending = options.showConcretized === true && findPending(catalog, options).length > 0;
  if (shown.length === 0 && constraints.length > 0 && !pending) throw noMatch(constraints, catalog);
  const { loaded } = options;
  return loaded === undefined ? shown : shown.filter(({ node }) => loaded.has(node.hash));
}

function inOrderOf(hashes: readonly string[], specs: readonly ConcreteSpec[]): readonly ConcreteSpec[] {
  const byHash = new Map(specs.map((spec) => [spec.node.hash, spec]));
  return hashes.flatMap((hash) => byHash.get(hash) ?? []);
}

function noMatch(constraints: readonly string[], { graph }: SpecCatalog): SpackOciError {
  const [name = ""] = /^[\w-]+/.exec(constraints[0] ?? "") ?? [];
  const names = new Set([...graph.values()].map((node) => node.name));
  return new SpackOciError("ERR_SPEC_NO_MATCH", `No package matches the query: ${constraints.join(" ")}`, {
    kind: "not-found",
    hint: `${suggestion(name, names)}Omit the spec to show everything that is installed.`,
  });
}

/** Requested specs of the environment that are not installed. */
export function findPending(catalog: SpecCatalog, options: FindSpecsOptions): readonly ConcreteSpec[] {
  const { environment, constraints = [], parse } = options;
  if (environment === undefined) return [];
  const wanted = parseArguments(constraints, parse);
  const isInstalled = (hash: string) => recordOf(catalog, hash)?.installed === true;
  const specs = concreteSpecs(environment.graph);
  return environment.hashes
    .filter((hash) => !isInstalled(hash))
    .flatMap((hash) => specs.get(hash) ?? [])
    .filter((spec) => wanted.length === 0 || wanted.some((constraint) => satisfies(spec, constraint)));
}
