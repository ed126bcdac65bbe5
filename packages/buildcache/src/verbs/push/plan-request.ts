// Turns a request into the plan of a push.

import type { SpecNode } from "@spack-oci/spack-spec";
import type { InstallDatabase, Store } from "@spack-oci/spack-store";
import { matchingSpecs, type SpecPool, selectSpecs } from "../../catalog/select-specs.js";
import { isPushable, type PushPlan, planPush } from "./plan-push.js";
import type { PushRequest } from "./push-request.js";

/** The tags of the buildcaches involved. */
export interface KnownTags {
  /** Tags of the buildcache that is pushed to. */
  readonly existing: ReadonlySet<string>;
  /** Tags of the buildcache whose packages are left out. */
  readonly elsewhere: ReadonlySet<string>;
}

/** Where packages are pushed from. */
export interface PushSources {
  readonly store: Store;
  /** The store's own database. */
  readonly own: InstallDatabase;
  /** The same with the packages of upstreams. */
  readonly database: InstallDatabase;
}

/** @throws SpackOciError `ERR_SPEC_NOT_FOUND`, `ERR_SPEC_AMBIGUOUS`, and the errors of spec strings */
export function planRequest(
  { store, own, database }: PushSources,
  request: PushRequest,
  tags: KnownTags,
): PushPlan {
  const { environment, specs } = request;
  const graph = environment?.graph ?? database.graph;
  const poolOf = (nodes: readonly SpecNode[]): SpecPool => ({
    graph,
    candidates: nodes.filter((node) => graph.has(node.hash)),
    name: `${environment === undefined ? "" : `the environment ${environment.name} in `}the store ${store.root}`,
  });
  const pool = poolOf(installedIn(database));
  const excluded = new Set(matchingSpecs(pool, request.exclude ?? []).map((node) => node.hash));
  const roots =
    specs.length > 0
      ? selectRoots(specs, pool, poolOf(externalsIn(database))).map((node) => node.hash)
      : (environment?.roots ?? installedIn(own).map((node) => node.hash));
  return planPush({
    graph,
    records: database.records,
    roots,
    scope: request,
    force: request.force ?? false,
    strict: request.strict ?? false,
    existingTags: tags.existing,
    isExcluded: (item) => excluded.has(item.node.hash) || tags.elsewhere.has(item.tag),
  });
}

/** Externals may be named, as in Spack, although nothing is pushed for them; what is installed comes first. */
function selectRoots(specs: readonly string[], pool: SpecPool, externals: SpecPool): readonly SpecNode[] {
  const isExternal = (spec: string) =>
    matchingSpecs(pool, [spec]).length === 0 && matchingSpecs(externals, [spec]).length > 0;
  const external = specs.filter(isExternal);
  const installed = specs.filter((spec) => !external.includes(spec));
  return [
    ...(installed.length === 0 ? [] : selectSpecs(pool, installed)),
    ...(external.length === 0 ? [] : selectSpecs(externals, external)),
  ];
}

function externalsIn({ records }: InstallDatabase): readonly SpecNode[] {
  return [...records.values()].map(({ spec }) => spec).filter(({ external }) => external !== undefined);
}

function installedIn({ records }: InstallDatabase): readonly SpecNode[] {
  return [...records.values()].filter(isPushable).map((record) => record.spec);
}
