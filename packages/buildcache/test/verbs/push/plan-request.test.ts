// How a request becomes the plan of a push.

import type { SpecNode } from "@spack-oci/spack-spec";
import type { InstallRecord } from "@spack-oci/spack-store";
import { storeAt } from "@spack-oci/spack-store";
import { describe, expect, it } from "vitest";
import { packageTag } from "../../../src/package-image/tags.js";
import { planRequest } from "../../../src/verbs/push/plan-request.js";
import type { PushRequest } from "../../../src/verbs/push/push-request.js";
import { external, graphOf, hashOf, namesOf, node } from "../../support/nodes.js";

const nodes = [node("zlib"), node("cmake"), node("lib", ["zlib"]), node("app", ["lib", "cmake:build"])];
const databaseWith = (specs: readonly SpecNode[]) => ({
  version: 8,
  graph: graphOf(...specs),
  records: new Map(
    specs.map((spec): [string, InstallRecord] => [
      spec.hash,
      {
        spec,
        refCount: 0,
        path: `/s/${spec.name}`,
        installed: true,
        explicit: true,
        installationTime: 0,
        deprecatedFor: null,
      },
    ]),
  ),
});
const database = databaseWith(nodes);

interface Tags {
  readonly existing?: readonly string[];
  readonly elsewhere?: readonly string[];
}

function plan(request: Partial<PushRequest>, { existing = [], elsewhere = [] }: Tags = {}) {
  const tagsOf = (names: readonly string[]) => new Set(names.map((name) => packageTag(node(name))));
  const tags = { existing: tagsOf(existing), elsewhere: tagsOf(elsewhere) };
  return planRequest({ store: storeAt("/s"), own: database, database }, { specs: [], ...request }, tags);
}

const names = (request: Partial<PushRequest>, tags?: Tags) => namesOf(plan(request, tags).todo).sort();

describe("planRequest", () => {
  it("pushes everything that is installed without specs", () => {
    expect(names({})).toEqual(["app", "cmake", "lib", "zlib"]);
  });

  it("pushes what specs select, with dependencies", () => {
    expect(names({ specs: ["lib"] })).toEqual(["lib", "zlib"]);
    expect(names({ specs: ["app"], withBuildDependencies: false })).toEqual(["app", "lib", "zlib"]);
    expect(names({ specs: ["app"], only: "package" })).toEqual(["app"]);
    expect(names({ specs: ["lib"], only: "dependencies" })).toEqual(["zlib"]);
  });

  it("pushes packages of upstreams that others need or that are named, but not all of them", () => {
    const own = databaseWith(nodes.filter(({ name }) => name === "lib"));
    const sources = { store: storeAt("/s"), own, database };
    const tags = { existing: new Set<string>(), elsewhere: new Set<string>() };
    expect(namesOf(planRequest(sources, { specs: [] }, tags).todo).sort()).toEqual(["lib", "zlib"]);
    expect(namesOf(planRequest(sources, { specs: ["cmake"] }, tags).todo)).toEqual(["cmake"]);
  });

  it("accepts externals, for which nothing is pushed, and prefers what is installed", () => {
    const both = databaseWith([...nodes, external("gcc"), { ...external("zlib"), hash: hashOf("z2") }]);
    const sources = { store: storeAt("/s"), own: both, database: both };
    const tags = { existing: new Set<string>(), elsewhere: new Set<string>() };
    const { roots, todo, absent } = planRequest(sources, { specs: ["gcc", "zlib"] }, tags);
    expect(roots.map(({ hash }) => hash)).toEqual([hashOf("zlib"), hashOf("gcc")]);
    expect(namesOf(todo)).toEqual(["zlib"]);
    expect(absent).toEqual([]);
    expect(() => planRequest(sources, { specs: ["gcc", "nothing"] }, tags)).toThrow("nothing is not in");
  });

  it("leaves out excluded packages, and those that another buildcache has", () => {
    expect(names({ specs: ["app"], exclude: ["zlib", "nothing"] })).toEqual(["app", "cmake", "lib"]);
    expect(names({ specs: ["app"] }, { elsewhere: ["cmake", "zlib"] })).toEqual(["app", "lib"]);
    const { excluded } = plan({ specs: ["app"], exclude: ["zlib"] }, { elsewhere: ["cmake"] });
    expect(namesOf(excluded).sort()).toEqual(["cmake", "zlib"]);
  });

  it("leaves out existing packages unless forced", () => {
    expect(names({ specs: ["lib"] }, { existing: ["zlib"] })).toEqual(["lib"]);
    expect(names({ specs: ["lib"], force: true }, { existing: ["zlib"] })).toEqual(["lib", "zlib"]);
  });

  it("pushes the roots of an environment, and only selects from its specs", () => {
    const environment = {
      name: "mine",
      roots: [hashOf("lib")],
      graph: graphOf(node("zlib"), node("lib", ["zlib"])),
    };
    expect(names({ environment })).toEqual(["lib", "zlib"]);
    expect(names({ environment, specs: ["zlib"] })).toEqual(["zlib"]);
    expect(() => plan({ environment, specs: ["app"] })).toThrow(
      expect.objectContaining({
        code: "ERR_SPEC_NOT_FOUND",
        message: "app is not in the environment mine in the store /s.",
      }),
    );
  });
});
