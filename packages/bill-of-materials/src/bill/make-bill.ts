// Makes a bill of materials from a concrete spec.

import {
  ALL_DEPENDENCY_TYPES,
  fullClosure,
  runtimeClosure,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-spec";
import type { BillOfMaterials, Component, PackageFacts, Relation, Tool } from "./bill.js";
import { imageUrl, packageUrl } from "./package-url.js";
import { propertiesOf } from "./properties.js";

export interface BillRequest {
  /** The root with all its dependencies. */
  readonly graph: SpecGraph;
  readonly root: SpecNode;
  /** What is known about a package besides its spec. */
  readonly factsOf: (node: SpecNode) => PackageFacts;
  /** Also lists what the packages were built and tested with; false by default. */
  readonly withBuildDependencies?: boolean | undefined;
  readonly createdAt: Date;
  readonly tool: Tool;
}

/**
 * The packages that a bill of materials lists, the root first.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { packagesInBill } from "@spack-oci/bill-of-materials";
 * import { parseSpecDocument } from "@spack-oci/spack-spec";
 *
 * const document = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * const names = packagesInBill(document).map(({ name }) => name);
 * console.log(names.includes("mercury-lite"), names.includes("build-tool-lite")); // true false
 * ```
 */
export function packagesInBill({
  graph,
  root,
  withBuildDependencies = false,
}: Pick<BillRequest, "graph" | "root" | "withBuildDependencies">): readonly SpecNode[] {
  return withBuildDependencies ? fullClosure(graph, [root.hash]) : runtimeClosure(graph, [root.hash]);
}

/**
 * Equal requests make equal bills, in whatever order the spec lists its dependencies.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { formatBill, makeBill } from "@spack-oci/bill-of-materials";
 * import { parseSpecDocument } from "@spack-oci/spack-spec";
 *
 * const bill = makeBill({
 *   ...parseSpecDocument(readFileSync("margo.json", "utf8")),
 *   factsOf: () => ({ license: "MIT" }),
 *   createdAt: new Date("2026-01-02T03:04:05Z"),
 *   tool: { name: "example", version: "1.0" },
 * });
 * const { bomFormat } = JSON.parse(formatBill(bill, "cyclonedx").toString());
 * console.log(bomFormat); // CycloneDX
 * ```
 */
export function makeBill(request: BillRequest): BillOfMaterials {
  const { graph, root, factsOf, withBuildDependencies = false, createdAt, tool } = request;
  const runtime = new Set(runtimeClosure(graph, [root.hash]).map(({ hash }) => hash));
  const describe = (node: SpecNode) =>
    componentOf(node, { graph, facts: factsOf(node), isRuntime: runtime.has(node.hash) });
  const nodes = packagesInBill(request);
  const others = nodes.filter(({ hash }) => hash !== root.hash).map(describe);
  const own = describe(root);
  const included = new Set(nodes.map(({ hash }) => hash));
  return {
    root: own,
    components: [own, ...others.sort((one, other) => (one.purl < other.purl ? -1 : 1))],
    relations: nodes
      .flatMap((node) => relationsOf(node, withBuildDependencies))
      .filter(({ to }) => included.has(to))
      .sort((one, other) => (`${one.from} ${one.to}` < `${other.from} ${other.to}` ? -1 : 1)),
    createdAt,
    tool,
  };
}

function componentOf(
  node: SpecNode,
  {
    graph,
    facts,
    isRuntime,
  }: { readonly graph: SpecGraph; readonly facts: PackageFacts; readonly isRuntime: boolean },
): Component {
  return {
    name: node.name,
    version: node.version,
    hash: node.hash,
    purl: packageUrl(node),
    imagePurl: facts.image && imageUrl(facts.image),
    isRuntime,
    properties: propertiesOf(node, graph, facts),
    facts,
  };
}

/** Edges to the same dependency become one; a document of run-time dependencies does not mention other uses of them. */
function relationsOf(
  { hash: from, dependencies }: SpecNode,
  withBuildDependencies: boolean,
): readonly Relation[] {
  const found = new Map<string, Relation>();
  for (const { hash: to, deptypes, virtuals } of dependencies) {
    const known = found.get(to);
    const all = new Set([...(known?.deptypes ?? []), ...deptypes]);
    const counted = ALL_DEPENDENCY_TYPES.filter(
      (type) => all.has(type) && (withBuildDependencies || type === "link" || type === "run"),
    );
    if (counted.length === 0) continue;
    found.set(to, {
      from,
      to,
      deptypes: counted,
      virtuals: [...new Set([...(known?.virtuals ?? []), ...virtuals])].sort(),
    });
  }
  return [...found.values()];
}
