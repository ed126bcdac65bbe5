// What a pull decides to do.

import type { SpecNode } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { type PullSelection, planPull } from "../../../src/verbs/pull/plan-pull.js";
import { external, graphOf, hashOf, namesOf, node } from "../../support/nodes.js";

const glibc = external("glibc");
const zlib = node("zlib", ["glibc"]);
const cmake = node("cmake", ["zlib"]);
const perl = node("perl");
const app = node("app", ["zlib", "perl:run", "cmake:build"]);
const suite = node("suite", ["app"]);
const all = [glibc, zlib, cmake, perl, app, suite];

function plan(roots: readonly string[], changes: Partial<PullSelection> = {}, packages = all) {
  return planPull({
    catalog: {
      packages: packages.filter((each) => each.external === undefined),
      graph: graphOf(...all),
      indexed: true,
      unreadable: [],
    },
    roots: roots.map(hashOf),
    named: true,
    prefixOf: ({ name }: SpecNode) => `/opt/${name}`,
    isInstalled: () => false,
    force: false,
    ...changes,
  });
}

describe("planPull", () => {
  it("includes link and run dependencies, dependencies first, without externals and build tools", () => {
    const { todo, present, missing } = plan(["suite"]);
    const names = namesOf(todo);
    expect([...names].sort()).toEqual(["app", "perl", "suite", "zlib"]);
    expect(names.indexOf("app")).toBeGreaterThan(names.indexOf("zlib"));
    expect(names.at(-1)).toBe("suite");
    expect(present).toEqual([]);
    expect(missing).toEqual([]);
    expect(todo[0]).toMatchObject({
      prefix: expect.stringMatching(/^\/opt\//),
      tag: expect.stringMatching(/spack$/),
    });
  });

  it("leaves out installed packages", () => {
    const { todo, present } = plan(["suite"], { isInstalled: ({ name }) => name === "zlib" });
    expect(namesOf(todo)).not.toContain("zlib");
    expect(namesOf(present)).toEqual(["zlib"]);
  });

  it("with force, reinstalls the named packages, but not their dependencies", () => {
    const { todo, present } = plan(["app"], { force: true, isInstalled: () => true });
    expect(namesOf(todo)).toEqual(["app"]);
    expect(namesOf(present).sort()).toEqual(["perl", "zlib"]);
  });

  it("names dependencies that are missing on both sides", () => {
    const { todo, missing } = plan(["suite"], {}, [app, suite, perl]);
    expect(namesOf(missing)).toEqual(["zlib"]);
    expect(namesOf(todo).sort()).toEqual(["app", "perl", "suite"]);
    const installed = plan(["suite"], { isInstalled: ({ name }) => name === "zlib" }, [app, suite, perl]);
    expect(installed.missing).toEqual([]);
  });

  it("marks named packages as explicit, or those that no other one needs", () => {
    const explicit = (selection: ReturnType<typeof plan>) =>
      namesOf(selection.todo.filter((item) => item.explicit)).sort();
    expect(explicit(plan(["app", "zlib"]))).toEqual(["app", "zlib"]);
    const everything = ["zlib", "cmake", "perl", "app", "suite"];
    expect(explicit(plan(everything, { named: false }))).toEqual(["cmake", "suite"]);
  });
});
