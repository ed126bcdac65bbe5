// Describes what tells packages of the same name apart.

import { formatSpec, fullClosure, type SpecGraph, type SpecNode, specOfNode } from "@spack-oci/spack-spec";
import { describePackage } from "../events/events.js";

/** More packages than anyone would compare by eye. */
const MAX_LISTED = 20;
/** More differences than fit into a line. */
const MAX_DIFFERENCES = 8;

/** One line for each package: its short name, and what not all of them have in common. */
export function describeDifferences(graph: SpecGraph, nodes: readonly SpecNode[]): string[] {
  const listed = nodes.slice(0, MAX_LISTED);
  const facets = listed.map((node) => facetsOf(graph, node));
  const names = [...new Set(facets.flatMap((each) => [...each.keys()]))];
  const differing = names.filter((name) => new Set(facets.map((each) => each.get(name))).size > 1);
  const lines = listed.map((node, at) => {
    const texts = differing.flatMap((name) => facets[at]?.get(name) ?? []).filter((text) => text !== "");
    const shown = texts.slice(0, MAX_DIFFERENCES);
    const more = texts.length > shown.length ? ["..."] : [];
    return [`  ${describePackage(node)}`, ...shown, ...more].join("  ").trimEnd();
  });
  const rest = nodes.length - listed.length;
  return rest > 0 ? [...lines, `  ... and ${rest} more`] : lines;
}

/** The texts that identify a package, in the order of their importance. */
function facetsOf(graph: SpecGraph, node: SpecNode): Map<string, string> {
  const own = [...specOfNode(graph, node).variants.keys()].map((name): [string, string] => [
    `variant ${name}`,
    formatSpec(graph, node, `{variants.${name}}`),
  ]);
  const dependencies = fullClosure(graph, [node.hash])
    .filter(({ hash }) => hash !== node.hash)
    .map((each): [string, string] => [`^${each.name}`, `^${formatSpec(graph, each, OF_DEPENDENCIES)}`]);
  return new Map([
    ["platform", `platform=${node.architecture?.platform}`],
    ["os", `os=${node.architecture?.os}`],
    ["target", `target=${node.architecture?.target}`],
    ["namespace", `namespace=${node.namespace}`],
    ...own,
    ["flags", formatSpec(graph, node, "{compiler_flags}").trim()],
    ...dependencies,
  ]);
}

const OF_DEPENDENCIES = "{name}{@version}{variants}";
