// Computes the hash that names the directory of a view, by which Spack sees whether a view is current.

import {
  formatJson,
  hashText,
  type Json,
  type SpecGraph,
  type SpecNode,
  sortNodes,
} from "@spack-oci/spack-spec";
import type { ViewDescriptor } from "./view-descriptor.js";

/** The packages in a view, and where they are. */
interface ViewContent {
  readonly graph: SpecGraph;
  readonly nodes: readonly SpecNode[];
  readonly prefixOf: (node: SpecNode) => string;
}

/**
 * The hash of a descriptor and of the packages that it selects, externals included.
 *
 * Source: `environment/environment.py`, `ViewDescriptor.content_hash` and `to_dict`.
 */
export function contentHash(descriptor: ViewDescriptor, { graph, nodes, prefixOf }: ViewContent): string {
  const specs = sortNodes(graph, nodes).map((node) => [node.hash, prefixOf(node)]);
  return hashText(
    formatJson(
      new Map<string, Json>([
        ["descriptor", descriptorJson(descriptor)],
        ["specs", specs],
      ]),
    ),
  );
}

function descriptorJson({ written, select, exclude, linkType, link }: ViewDescriptor): Json {
  const json = new Map<string, Json>([["root", written.root]]);
  if (written.projections.size > 0) json.set("projections", written.projections);
  if (select.length > 0) json.set("select", select);
  if (exclude.length > 0) json.set("exclude", exclude);
  json.set("link_type", linkType);
  if (link !== "all") json.set("link", link);
  return json;
}
