// Adds specs to an install database by Spack's rules, in memory.

import { SpackOciError } from "@spack-oci/errors";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";

import { databaseOf, type InstallDatabase, type InstallRecord } from "./record.js";

/** A spec to add. */
export interface Addition {
  readonly hash: string;
  readonly explicit: boolean;
}

/** What {@link addRecords} needs to know. */
export interface AddContext {
  /** The specs to add, and all their dependencies. */
  readonly graph: SpecGraph;
  /** The prefix of a spec in the store, whether or not it exists. Not called for externals. */
  readonly prefixOf: (node: SpecNode) => string;
  /** Whether a spec is in its prefix. Not called for externals. */
  readonly isInstalled: (node: SpecNode) => boolean;
  /** Whether a spec is installed in an upstream store; such specs are not recorded. */
  readonly isInstalledUpstream?: (hash: string) => boolean;
  /** Now, in seconds since 1970. */
  readonly time: number;
}

/**
 * Adds specs as `Database._add` of `spack/database.py` does: dependencies that are not in the database yet, including
 * build dependencies, come first and are implicit (and not installed, if they are not), and a new record is a reference
 * to each of its direct dependencies. Existing records are updated.
 *
 * @throws SpackOciError `ERR_SPEC_INCOMPLETE` if a dependency is neither in the graph nor in the database
 */
export function addRecords(
  database: InstallDatabase,
  additions: readonly Addition[],
  context: AddContext,
): InstallDatabase {
  const records = new Map(database.records);
  for (const addition of additions) add(records, addition, context);
  return databaseOf(records, database.version);
}

function add(records: Map<string, InstallRecord>, { hash, explicit }: Addition, context: AddContext): void {
  if (context.isInstalledUpstream?.(hash)) return;
  const node = context.graph.get(hash);
  if (node === undefined) throw missing(hash);
  for (const edge of node.dependencies) {
    if (!records.has(edge.hash)) add(records, { hash: edge.hash, explicit: false }, context);
  }

  const { time: installationTime } = context;
  const known = records.get(hash);
  if (known !== undefined) {
    records.set(hash, { ...known, installed: isInstalled(node, context), explicit, installationTime });
    return;
  }
  records.set(hash, {
    spec: node,
    refCount: 0,
    path: node.external === undefined ? context.prefixOf(node) : node.external.path,
    installed: isInstalled(node, context),
    explicit,
    installationTime,
    deprecatedFor: null,
  });
  for (const edge of node.dependencies) {
    const dependency = records.get(edge.hash);
    if (dependency !== undefined)
      records.set(edge.hash, { ...dependency, refCount: dependency.refCount + 1 });
  }
}

function isInstalled(node: SpecNode, context: AddContext): boolean {
  return node.external !== undefined || context.isInstalled(node);
}

function missing(hash: string): SpackOciError {
  return new SpackOciError("ERR_SPEC_INCOMPLETE", `There is no spec for the dependency ${hash}.`, {
    kind: "corrupt",
    hint: "The spec document is truncated or damaged; fetch it again.",
  });
}
