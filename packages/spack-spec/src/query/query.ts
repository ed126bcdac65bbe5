// Finds the specs of a catalog that satisfy a constraint.

import { satisfies } from "../match/satisfies.js";
import { isVirtual } from "../match/virtuals.js";
import { type ConcreteSpecs, concreteSpecs } from "../model/concrete-specs.js";
import type { SpecNode } from "../model/node.js";
import { sortSpecs } from "../model/sort-specs.js";
import type { ConcreteSpec, Spec } from "../model/spec.js";
import type { RecordedSpecs, SpecCatalog, SpecRecord } from "./catalog.js";

/** Whether a spec is installed, was replaced by another one, or is only recorded because others depend on it. */
export type InstallStatus = "installed" | "deprecated" | "missing";

/** Every {@link InstallStatus}. */
export const ANY_STATUS: readonly InstallStatus[] = ["installed", "deprecated", "missing"];

/** Further conditions of a query. */
export interface QueryOptions {
  /** Only specs with these states; by default installed ones. */
  readonly status?: readonly InstallStatus[];
  /** Only specs installed explicitly, or only those installed as dependencies. */
  readonly explicit?: boolean;
  /** Only specs with these hashes. */
  readonly hashes?: ReadonlySet<string>;
  /** Only specs installed after or before this time (exclusive). */
  readonly after?: Date;
  readonly before?: Date;
  /** Only specs with a record in one of these databases of the catalog, which then counts. */
  readonly databases?: readonly RecordedSpecs[];
}

/**
 * The nodes of `catalog` that satisfy `constraint`, or all of them, in Spack's order. If no spec of that name satisfies
 * it, and its name is a virtual package, its providers are searched (`spack/database.py: Database.query`).
 *
 * @throws SpackOciError `ERR_TARGET_UNKNOWN`
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { catalogOfGraph, parseSpec, parseSpecDocument, queryCatalog } from "@spack-oci/spack-spec";
 *
 * const { graph } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * const found = queryCatalog(catalogOfGraph(graph), parseSpec("mercury-lite@2:"));
 * console.log(found.map(({ name, version }) => `${name}@${version}`)); // [ 'mercury-lite@2.4.0' ]
 * ```
 */
export function queryCatalog(
  catalog: SpecCatalog,
  constraint?: Spec,
  options: QueryOptions = {},
): readonly SpecNode[] {
  return querySpecs(catalog, constraint === undefined ? [] : [constraint], options).map(({ node }) => node);
}

/** The specs that satisfy any of `constraints`, or all specs without constraints; each once and in Spack's order. */
export function querySpecs(
  catalog: SpecCatalog,
  constraints: readonly Spec[],
  options: QueryOptions = {},
): readonly ConcreteSpec[] {
  const specs = concreteSpecs(catalog.graph);
  const candidates: SpecNode[] = [];
  for (const [hash, records] of catalog.records) {
    const [record] = records;
    if (record !== undefined && isCandidate(hash, records, options)) candidates.push(record.spec);
  }
  if (constraints.length === 0) return sortSpecs(candidates.map((node) => specs.of(node)));
  return sortSpecs(new Set(constraints.flatMap((constraint) => matching(specs, candidates, constraint))));
}

/** Looks at names first, because most of many candidates have another one. */
function matching(
  specs: ConcreteSpecs,
  candidates: readonly SpecNode[],
  constraint: Spec,
): readonly ConcreteSpec[] {
  const { name } = constraint;
  const satisfying = (nodes: readonly SpecNode[]) =>
    nodes.map((node) => specs.of(node)).filter((spec) => satisfies(spec, constraint));
  const isNamed = (node: SpecNode) => name === "" || node.name === name || constraint.node !== undefined;
  const found = satisfying(candidates.filter(isNamed));
  if (found.length > 0 || name === "") return found;
  const [any] = candidates;
  return any !== undefined && isVirtual(name, specs.of(any)) ? satisfying(candidates) : [];
}

/** The state of a spec according to its record (`InstallRecord.install_type_matches`). */
function statusOf(record: SpecRecord): InstallStatus {
  if (record.installed) return "installed";
  return record.deprecatedFor === null ? "missing" : "deprecated";
}

function isCandidate(hash: string, records: readonly SpecRecord[], options: QueryOptions): boolean {
  if (options.hashes !== undefined && !options.hashes.has(hash)) return false;
  const { databases } = options;
  const counted = databases?.flatMap((database) => database.records.get(hash) ?? []) ?? records;
  return counted.some((record) => isWanted(record, options));
}

function isWanted(
  record: SpecRecord,
  { status = ["installed"], explicit, after, before }: QueryOptions,
): boolean {
  if (!status.includes(statusOf(record))) return false;
  if (explicit !== undefined && record.explicit !== explicit) return false;
  const time = record.installationTime * 1000;
  return (after === undefined || time > after.getTime()) && (before === undefined || time < before.getTime());
}
