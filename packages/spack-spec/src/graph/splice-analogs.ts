// Finds what each package of a spliced spec replaces in the spec that was built.

import type { DependencyType } from "../model/dependency-types.js";
import type { SpecGraph, SpecNode } from "../model/node.js";
import { compareVersions } from "../versions/order.js";
import { parseVersion } from "../versions/parse-version.js";
import { specsToRelocate } from "./closures.js";
import { breadthFirst, preOrder } from "./traversal.js";

const NOT_BUILD: readonly DependencyType[] = ["link", "run", "test"];

/**
 * For each package that the prefix of `spliced` may refer to, the DAG hash of the package whose prefix stands for it in
 * the binary of `built`: itself, or the one that it replaced (Spack: binary_distribution.py, `relocate_package`).
 */
export function spliceAnalogs(
  graph: SpecGraph,
  spliced: SpecNode,
  built: SpecNode,
): ReadonlyMap<string, string> {
  const candidates = preOrder(graph, [built.hash], { deptypes: NOT_BUILD });
  const known = new Set(candidates.map(({ hash }) => hash));
  const [own, others] = [virtualsIn(graph, spliced), virtualsIn(graph, built)];
  const isMatch = (node: SpecNode, other: SpecNode) => {
    if (node.name === other.name) return true;
    const provided = [...(own.get(node.hash) ?? [])];
    return provided.length > 0 && provided.every((virtual) => others.get(other.hash)?.has(virtual));
  };
  return new Map(
    specsToRelocate(graph, spliced).map((node) => {
      if (known.has(node.hash)) return [node.hash, node.hash];
      const analog = best(
        candidates.filter((other) => isMatch(node, other)),
        node.name,
      );
      return [node.hash, (analog ?? node).hash];
    }),
  );
}

/** The virtual packages that each package provides to others below a root (`Spec._virtuals_provided`). */
function virtualsIn(graph: SpecGraph, root: SpecNode): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { dependencies } of breadthFirst(graph, [root.hash]))
    for (const { hash, virtuals } of dependencies) {
      const provided = found.get(hash) ?? new Set();
      for (const virtual of virtuals) provided.add(virtual);
      found.set(hash, provided);
    }
  return found;
}

/** Same names and higher versions are preferred, as in `Spec.splice`. */
function best(analogs: readonly SpecNode[], name: string): SpecNode | undefined {
  return analogs.reduce<SpecNode | undefined>((champion, other) => {
    if (champion === undefined) return other;
    const sameName = Number(other.name === name) - Number(champion.name === name);
    const isBetter = sameName || compareVersions(parseVersion(other.version), parseVersion(champion.version));
    return isBetter > 0 ? other : champion;
  }, undefined);
}
