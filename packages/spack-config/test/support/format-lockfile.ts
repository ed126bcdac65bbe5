// A lock file as current Spack would write it, from any format.

import { type Json, type JsonObject, preOrder, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import type { LockedRoot, Lockfile } from "../../src/environment/lockfile.js";
import { rewriteNode } from "./rewrite-node.js";

/**
 * The lock file in format 6, without the note about the Spack that wrote it and without included environments.
 *
 * Source: `lib/spack/spack/environment/environment.py`, `Environment._to_lockfile_dict`.
 */
export function lockfileToJson({ roots, graph }: Lockfile): JsonObject {
  const nodes = withBuildSpecs(
    graph,
    roots.map(({ hash }) => hash),
  );
  return new Map<string, Json>([
    ["_meta", meta()],
    ["roots", roots.map(rootToJson)],
    ["concrete_specs", new Map([...nodes].map(([hash, node]) => [hash, rewriteNode(node)]))],
  ]);
}

function meta(): JsonObject {
  return new Map<string, Json>([
    ["file-type", "spack-lockfile"],
    ["lockfile-version", 6n],
    ["specfile-version", 5n],
  ]);
}

function rootToJson({ hash, spec }: LockedRoot): JsonObject {
  return new Map([
    ["hash", hash],
    ["spec", spec],
  ]);
}

/** All nodes below the roots; a spliced one is followed by what it was built as. */
function withBuildSpecs(graph: SpecGraph, roots: readonly string[]): Map<string, SpecNode> {
  const found = new Map<string, SpecNode>();
  for (const node of preOrder(graph, roots)) {
    found.set(node.hash, node);
    if (node.buildSpec === undefined) continue;
    for (const below of preOrder(graph, [node.buildSpec.hash])) found.set(below.hash, below);
  }
  return found;
}
