// Links the nodes of a lock file to a graph by their current hashes; old formats use older kinds of hashes.

import { SpackOciError } from "@spack-oci/errors";
import {
  asString,
  type Json,
  type JsonObject,
  optional,
  preOrder,
  readNode,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-spec";

/** Linked nodes. */
export interface LinkedSpecs {
  /** The roots and their dependencies by hash. */
  readonly graph: SpecGraph;
  /** The hash of each node by its key in the lock file. */
  readonly hashes: ReadonlyMap<string, string>;
}

/**
 * Reads the nodes of `concrete_specs` and follows the edges from `roots`.
 *
 * If several keys have nodes with the same hash, the first one reached is used.
 *
 * Source: `lib/spack/spack/environment/environment.py`, `Environment.filter_specs`.
 *
 * @throws SpackOciError `ERR_LOCKFILE_INCOMPLETE` if a key is missing, `ERR_SPEC_FORMAT` for a node of another format,
 *   and the errors of {@link readNode}.
 */
export function linkConcreteSpecs(
  nodes: JsonObject,
  roots: ReadonlyArray<{ readonly hash: string }>,
  specfileVersion: number,
): LinkedSpecs {
  const byKey = new Map([...nodes].map(([key, json]) => [key, readLockedNode(json, specfileVersion, key)]));
  const hashes = new Map([...byKey].map(([key, node]) => [key, node.hash]));
  const named = (key: string): string => {
    if (!byKey.has(key)) throw missing(key);
    return key;
  };
  const keyed: SpecGraph = new Map([...byKey].map(([key, node]) => [key, { ...node, hash: key }]));
  for (const node of keyed.values()) for (const { hash } of node.dependencies) named(hash);

  const graph = new Map<string, SpecNode>();
  const queue = roots.map(({ hash }) => named(hash));
  for (let start = queue.shift(); start !== undefined; start = queue.shift()) {
    for (const { hash: key } of preOrder(keyed, [start])) {
      const node = byKey.get(key);
      if (node === undefined || graph.has(node.hash)) continue;
      graph.set(node.hash, withPresentHashes(node, hashes));
      if (node.buildSpec !== undefined) queue.push(named(node.buildSpec.hash));
    }
  }
  return { graph, hashes };
}

/** A node with its own hash, or with its key if it has none, as in format 1. */
function readLockedNode(json: Json, specfileVersion: number, key: string): SpecNode {
  const node = readNode(json, specfileVersion);
  if (specfileVersion >= 5 && node.json.has("compiler") && !node.json.has("annotations")) {
    throw new SpackOciError(
      "ERR_SPEC_FORMAT",
      `The node ${key} has a compiler, which version 5 does not support.`,
      {
        kind: "corrupt",
      },
    );
  }
  return {
    ...node,
    hash: optional(node.json.get("hash"), (hash) => asString(hash, `hash of ${key}`)) || key,
  };
}

function withPresentHashes(node: SpecNode, hashes: ReadonlyMap<string, string>): SpecNode {
  const present = <T extends { readonly hash: string }>(reference: T): T => ({
    ...reference,
    hash: hashes.get(reference.hash) ?? reference.hash,
  });
  return {
    ...node,
    dependencies: node.dependencies.map(present),
    buildSpec: node.buildSpec && present(node.buildSpec),
  };
}

function missing(key: string): SpackOciError {
  return new SpackOciError("ERR_LOCKFILE_INCOMPLETE", `There is no concrete spec ${key}.`, {
    kind: "corrupt",
  });
}
