// Compares the packages that two indexes list.

import type { Target } from "@spack-oci/oci-client";
import { formatJson, type SpecNode } from "@spack-oci/spack-spec";
import { databaseNodeJson } from "@spack-oci/spack-store";
import { readIndex } from "../../package-index/read-index.js";

/** How two indexes differ; a missing index counts as empty. */
export interface IndexDifference {
  readonly onlyInA: readonly SpecNode[];
  readonly onlyInB: readonly SpecNode[];
  /** In both, with different specs. */
  readonly different: readonly SpecNode[];
}

/** @throws SpackOciError if either index cannot be read */
export async function compareIndexes(
  a: Target,
  b: Target,
  signal: AbortSignal | undefined,
): Promise<IndexDifference> {
  const [inA, inB] = await Promise.all([packagesOf(a, signal), packagesOf(b, signal)]);
  const isDifferent = (node: SpecNode) => {
    const other = inB.get(node.hash);
    return other !== undefined && textOfNode(node) !== textOfNode(other);
  };
  return {
    onlyInA: [...inA.values()].filter(({ hash }) => !inB.has(hash)),
    onlyInB: [...inB.values()].filter(({ hash }) => !inA.has(hash)),
    different: [...inA.values()].filter(isDifferent),
  };
}

async function packagesOf(target: Target, signal: AbortSignal | undefined): Promise<Map<string, SpecNode>> {
  const index = await readIndex(target, signal);
  return new Map(index?.packages.map((node) => [node.hash, node]));
}

function textOfNode(node: SpecNode): string {
  return formatJson(databaseNodeJson(node));
}
