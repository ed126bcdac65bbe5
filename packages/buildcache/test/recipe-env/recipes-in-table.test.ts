// The table gives the same results as Spack's own recipes, for concrete specs of its package repository.

import { readFileSync } from "node:fs";
import { parseJson, readSpecDocument, type SpecNode } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { executableModifications } from "../../src/image-env/executables.js";
import { type EnvironmentModification, modifyEnvironment } from "../../src/image-env/modifications.js";
import { recipesInTable } from "../../src/recipe-env/recipes-in-table.js";
import { external, graphOf, hashOf, node } from "../support/nodes.js";

interface Oracled {
  readonly document: unknown;
  readonly prefixes: Readonly<Record<string, string>>;
  readonly directories: readonly string[];
  readonly modifications: readonly (readonly [
    kind: keyof typeof kinds,
    name: string,
    value: string | null,
    separator: string | null,
  ])[];
}

const kinds = {
  PrependPath: "prepend-path",
  AppendPath: "append-path",
  SetEnv: "set",
  UnsetEnv: "unset",
} as const;
const file = new URL("../../../../tests/fixtures/oracles/env/recipes.json", import.meta.url);
const oracle = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, Oracled>>;

describe.each(Object.entries(oracle))("%s", (_root, { document, prefixes, directories, modifications }) => {
  it("runs in the environment that its recipes set up", async () => {
    const { root, graph } = readSpecDocument(parseJson(JSON.stringify(document)));
    const surroundings = {
      graph,
      prefixOf: (each: { readonly hash: string }) => prefixes[each.hash],
      isDirectory: async (path: string) => directories.includes(path),
    };
    const { prefixOf, isDirectory } = surroundings;
    const recipeOf = recipesInTable(surroundings);
    const found = await executableModifications({
      graph,
      roots: [root.hash],
      prefixOf,
      isDirectory,
      recipeOf,
    });
    const expected = modifications.map(
      ([kind, name, value, separator]): EnvironmentModification => ({
        kind: kinds[kind],
        name,
        value: value ?? "",
        separator: separator ?? undefined,
      }),
    );
    const after = (each: readonly EnvironmentModification[]) =>
      Object.fromEntries(modifyEnvironment(new Map(), each));
    expect(after(found)).toEqual(after(expected));
  });
});

describe("the table", () => {
  const added = async (...nodes: readonly SpecNode[]) => {
    const graph = graphOf(...nodes);
    const prefixOf = ({ name }: { readonly name: string }) => (name === "nowhere" ? undefined : `/${name}`);
    const isDirectory = async (path: string) => path.includes("/ruby-") || path.includes("lib/perl5");
    const recipeOf = recipesInTable({ graph, prefixOf, isDirectory });
    const roots = [hashOf(nodes[0]?.name ?? "")];
    const found = await executableModifications({ graph, roots, prefixOf, isDirectory, recipeOf });
    return found.map(({ kind, name, value }) => `${kind} ${name} ${value}`);
  };

  it("covers only Spack's own repository", async () => {
    expect(await added(node("m4"))).toEqual(["set M4 /m4/bin/m4"]);
    expect(await added({ ...node("m4"), namespace: "mine" })).toEqual([]);
  });

  it("respects versions and variants", async () => {
    expect(await added(node("openmpi", [], "1.6"))).not.toContain("set MPIFC /openmpi/bin/mpifort");
    expect(await added(node("openmpi", [], "1.7"))).toContain("set MPIFC /openmpi/bin/mpifort");
    expect(await added({ ...node("llvm"), parameters: new Map([["flang", true]]) })).toEqual([
      "set FC /llvm/bin/flang",
      "set F77 /llvm/bin/flang",
    ]);
  });

  it("covers external packages, but none without a prefix", async () => {
    expect(await added(node("app", ["openjdk:run"]), external("openjdk"))).toEqual([
      "set JAVA_HOME /openjdk",
    ]);
    expect(await added(node("nowhere", ["perl:run"]), node("perl"))).toEqual([]);
  });

  it("adds directories of extensions before the package's own", async () => {
    const app = node("ruby-app", ["ruby:run", "perl:run", "r:run"]);
    const found = await added(app, node("ruby"), node("perl"), node("r"));
    expect(found).toContain("prepend-path GEM_PATH /ruby-app");
    expect(found).toContain("prepend-path PERL5LIB /ruby-app/lib/perl5");
    expect(await added(node("app", ["ruby:run"]), node("ruby"))).toEqual([]);
  });
});
