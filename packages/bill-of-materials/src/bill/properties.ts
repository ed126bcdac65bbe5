// What a concrete spec says about a package beyond its name and version.

import { isJsonArray, type Json, pythonText, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import type { PackageFacts, Property } from "./bill.js";

const FLAGS = ["cflags", "cppflags", "cxxflags", "fflags", "ldflags", "ldlibs"];

/** The languages whose compilers are dependencies. */
const LANGUAGES = new Set(["c", "cxx", "fortran"]);

/** Names begin with `spack:`; a list takes one property for each of its values. */
export function propertiesOf(node: SpecNode, graph: SpecGraph, facts: PackageFacts): readonly Property[] {
  const { architecture, external, buildSpec, packageHash, patches } = node;
  const { source, layer, image } = facts;
  const single: [string, string | undefined][] = [
    ["hash", node.hash],
    ["namespace", node.namespace],
    ["platform", architecture?.platform],
    ["os", architecture?.os],
    ["target", architecture?.target],
    ["package-hash", packageHash],
    ["external", external && (external.path ?? "unknown path")],
    ["build-spec", buildSpec && `${buildSpec.name}/${buildSpec.hash}`],
    ["source:sha256", source?.sha256],
    ["source:git", source?.git],
    ["source:commit", source?.commit],
    ["layer:digest", layer?.digest],
    ["layer:size", layer?.size.toString()],
    ["image:tag", image?.tag],
    ["image:digest", image?.digest],
  ];
  const lists: [string, string][] = [
    ...compilersOf(node, graph).map((compiler): [string, string] => ["compiler", compiler]),
    ...patches.map((patch): [string, string] => ["patch:sha256", patch]),
    ...parametersOf(node),
  ];
  return [...single, ...lists]
    .flatMap(([name, value]) => (value === undefined ? [] : [{ name: `spack:${name}`, value }]))
    .sort((one, other) => compare(one.name, other.name) || compare(one.value, other.value));
}

/** Variants, and flags that are set. */
function parametersOf({ parameters }: SpecNode): [string, string][] {
  return [...parameters].flatMap(([name, value]): [string, string][] => {
    if (name === "patches") return [];
    const text = textOf(value);
    if (FLAGS.includes(name)) return text === "" ? [] : [[`flags:${name}`, text]];
    return [[`variant:${name}`, text]];
  });
}

function textOf(value: Json): string {
  if (isJsonArray(value)) return value.map(textOf).join(",");
  return typeof value === "boolean" || typeof value === "string" ? pythonText(value) : String(value);
}

/** `name@version` of the compilers that built a package; before Spack 1.0 they were not dependencies. */
function compilersOf({ dependencies, annotations }: SpecNode, graph: SpecGraph): readonly string[] {
  const found = dependencies
    .filter(
      ({ deptypes, virtuals }) => deptypes.includes("build") && virtuals.some((each) => LANGUAGES.has(each)),
    )
    .map(({ name, hash }) => {
      const version = graph.get(hash)?.version;
      return version === undefined ? name : `${name}@${version}`;
    });
  return found.length > 0 || annotations.compiler === undefined
    ? [...new Set(found)]
    : [annotations.compiler];
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
