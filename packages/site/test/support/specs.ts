// Catalogs of specs, without images.

import type { SpecGraph } from "@spack-oci/spack-spec";
import type { SiteCatalog, SitePackage, SiteSpec } from "../../src/catalog/site-catalog.js";
import { siteSpec } from "../../src/catalog/site-spec.js";

/** A package of which only the name matters, and what a test adds. */
export function packageWith(members: Partial<SitePackage> & Pick<SitePackage, "name">): SitePackage {
  const { name, version = "1.0", hash = name.padEnd(32, "a") } = members;
  return {
    version,
    hash,
    namespace: "builtin",
    architecture: { platform: "linux", os: "debian12", target: "x86_64_v3" },
    parameters: {},
    propagated: [],
    patches: [],
    external: false,
    origin: { specVersion: 5 },
    dependencies: [],
    tag: `${name}-${version}-${hash}.spack`,
    ...members,
  };
}

export function catalogWith(packages: readonly SitePackage[], others: readonly SiteSpec[] = []): SiteCatalog {
  return {
    version: 1,
    mirror: "oci://example.org/cache",
    read: "2026-11-30T06:00:00.000Z",
    packages,
    others,
    findings: [],
  };
}

/** All specs of a graph as packages, in its order. */
export function catalogOfSpecs(graph: SpecGraph): SiteCatalog {
  return catalogWith([...graph.values()].map((node) => ({ ...siteSpec(node), tag: `${node.hash}.spack` })));
}
