// Turns the node of a spec into what catalog.json says about it.

import { formatJson, type SpecNode } from "@spack-oci/spack-spec";
import type { SiteSpec } from "./site-catalog.js";

/**
 * A spec as a catalog has it.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { siteSpec } from "@spack-oci/site";
 * import { parseSpecDocument } from "@spack-oci/spack-spec";
 *
 * const { root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(siteSpec(root).architecture?.target); // x86_64_v3
 * ```
 */
export function siteSpec(node: SpecNode): SiteSpec {
  const { name, version, hash, architecture, annotations, external } = node;
  const { originalSpecfileVersion: specVersion, compiler } = annotations;
  return {
    name,
    version,
    hash,
    namespace: node.namespace ?? null,
    architecture:
      architecture === undefined
        ? null
        : { platform: architecture.platform, os: architecture.os, target: architecture.target },
    parameters: JSON.parse(formatJson(node.parameters)),
    propagated: node.propagated,
    patches: node.patches,
    external: Boolean(external?.path) || Boolean(external?.modules?.length),
    origin: { specVersion, ...(compiler === undefined ? {} : { compiler }) },
    dependencies: node.dependencies.map(({ hash: dependency, deptypes, virtuals, direct }) => {
      return { hash: dependency, types: deptypes, virtuals, direct };
    }),
  };
}
