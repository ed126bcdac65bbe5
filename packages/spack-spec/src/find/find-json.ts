// Shows specs as the JSON that `spack find --json` prints.

import { nodeToJson } from "../hash/convert-node.js";
import { formatJson } from "../json/format.js";
import type { SpecNode } from "../model/node.js";
import type { Spec } from "../model/spec.js";
import { walkDepthFirst } from "../model/walk.js";
import type { SpecCatalog } from "../query/catalog.js";

/**
 * A JSON array with one node for each of `specs` and, with `deps`, for their dependencies; without a line break at the
 * end (`spack/cmd/__init__.py: display_specs_as_json`).
 */
export function specsJson(catalog: SpecCatalog, specs: readonly Spec[], deps = false): string {
  const shown = specs.flatMap((spec) => (deps ? walkDepthFirst([spec]).map((step) => step.spec) : [spec]));
  const hashes = new Set(shown.map((spec) => spec.node?.hash));
  const nodes = [...hashes].map((hash) => catalog.graph.get(hash ?? "")).filter((node) => node !== undefined);
  return formatJson(nodes.map((node: SpecNode) => nodeToJson(node)));
}
