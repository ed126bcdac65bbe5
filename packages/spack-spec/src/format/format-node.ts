// Formats nodes, wherever a spec is shown to people or written to a text.

import { specOfNode } from "../model/concrete-specs.js";
import type { SpecGraph, SpecNode } from "../model/node.js";
import { formatPathOf } from "./format-path.js";
import { formatAny } from "./format-spec.js";
import { DEFAULT_FORMAT } from "./formats.js";

/**
 * `node` formatted by a string such as `{name}{@version}{/hash:7}` (`spack/spec.py: Spec.format`). The default is that
 * of `Spec.format()`, which is also the description in a buildcache's manifests.
 *
 * @param graph where the node's dependencies are looked up
 * @throws SpackOciError `ERR_SPEC_FORMAT`, `ERR_SPEC_FORMAT_SIGIL`, `ERR_SPEC_FORMAT_DEPENDENCY`
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { formatSpec, parseSpecDocument } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(formatSpec(graph, root, "{name}{@version}{/hash:7}")); // margo-lite@0.18.3/cd2e4nf
 * ```
 */
export function formatSpec(graph: SpecGraph, node: SpecNode, format: string = DEFAULT_FORMAT): string {
  return formatAny(specOfNode(graph, node), format);
}

/**
 * `node` formatted as a path; slashes in values become `_` (`spack/spec.py: Spec.format_path`).
 *
 * @throws SpackOciError `ERR_SPEC_FORMAT_PATH`, and those of {@link formatSpec}
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { formatPath, parseSpecDocument } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(formatPath(graph, root, "{architecture.target}/{name}-{version}")); // x86_64_v3/margo-lite-0.18.3
 * ```
 */
export function formatPath(graph: SpecGraph, node: SpecNode, format: string): string {
  return formatPathOf(specOfNode(graph, node), format);
}
