// Decides which packages have a layer in an image, and in which order.

import { runtimeClosure, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";

/** The roots with their link and run dependencies, leaves first, without externals (Spack: `_oci_put_manifest`). */
export function imagePackages(graph: SpecGraph, roots: readonly string[]): SpecNode[] {
  return runtimeClosure(graph, roots)
    .filter((node) => node.external === undefined)
    .reverse();
}
