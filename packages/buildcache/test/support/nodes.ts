// Small graphs of specs, for plans that need only names and dependencies.

import type { DependencyType, SpecGraph, SpecNode } from "@spack-oci/spack-spec";

/** A hash that starts with a letter and has the length of a real one. */
export function hashOf(name: string): string {
  return name.replaceAll(/[^a-z2-7]/g, "").padEnd(32, "a");
}

/** A spec at version 1; dependencies as `name` or `name:deptypes`, by default link and run. */
export function node(name: string, dependencies: readonly string[] = [], version = "1"): SpecNode {
  return {
    name,
    version,
    namespace: "builtin",
    architecture: { platform: "linux", os: "debian12", target: "x86_64", targetJson: "x86_64" },
    parameters: new Map(),
    propagated: [],
    external: undefined,
    patches: [],
    packageHash: undefined,
    dependencies: dependencies.map((text) => {
      const [dependency = "", deptypes = "link,run"] = text.split(":");
      return {
        name: dependency,
        hash: hashOf(dependency),
        deptypes: deptypes.split(",") as DependencyType[],
        virtuals: [],
        direct: false,
      };
    }),
    buildSpec: undefined,
    // The hashes of old specs cannot be verified, nor can these.
    annotations: { originalSpecfileVersion: 4 },
    hash: hashOf(name),
    specfileVersion: 5,
    json: new Map(),
  };
}

/** A package that Spack did not install. */
export function external(name: string): SpecNode {
  return { ...node(name), external: { path: "/usr", modules: null, extraAttributes: new Map() } };
}

/** Nodes by their hash. */
export function graphOf(...nodes: readonly SpecNode[]): SpecGraph {
  return new Map(nodes.map((each) => [each.hash, each]));
}

/** Names of items of a plan, in their order. */
export function namesOf(items: readonly { readonly node: { readonly name: string } }[]): string[] {
  return items.map((item) => item.node.name);
}
