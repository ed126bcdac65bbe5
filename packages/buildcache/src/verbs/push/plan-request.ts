// Turns a request into the plan of a push.

import type { InstallDatabase, Store } from "@spack-oci/spack-store";
import { matchingSpecs, selectSpecs } from "../../catalog/select-specs.js";
import { isPushable, type PushPlan, planPush } from "./plan-push.js";
import type { PushRequest } from "./push-request.js";

/** The tags of the buildcaches involved. */
export interface KnownTags {
  /** Tags of the buildcache that is pushed to. */
  readonly existing: ReadonlySet<string>;
  /** Tags of the buildcache whose packages are left out. */
  readonly elsewhere: ReadonlySet<string>;
}

/** @throws SpackOciError `ERR_SPEC_NOT_FOUND`, `ERR_SPEC_AMBIGUOUS`, and the errors of spec strings */
export function planRequest(
  { store, database }: { readonly store: Store; readonly database: InstallDatabase },
  request: PushRequest,
  tags: KnownTags,
): PushPlan {
  const { environment, specs } = request;
  const graph = environment?.graph ?? database.graph;
  const installed = [...database.records.values()].filter(isPushable).map((record) => record.spec);
  const pool = {
    graph,
    candidates: installed.filter((node) => graph.has(node.hash)),
    name: `${environment === undefined ? "" : `the environment ${environment.name} in `}the store ${store.root}`,
  };
  const excluded = new Set(matchingSpecs(pool, request.exclude ?? []).map((node) => node.hash));
  const roots =
    environment !== undefined && specs.length === 0
      ? environment.roots
      : selectSpecs(pool, specs).map((node) => node.hash);
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
