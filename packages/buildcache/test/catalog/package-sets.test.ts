// Which packages a request includes, and which of those nothing else needs.

import { describe, expect, it } from "vitest";
import {
  absentAtRunTime,
  type WantedOptions,
  wantedPackages,
  withoutDependents,
} from "../../src/catalog/package-sets.js";
import { external, graphOf, hashOf, node } from "../support/nodes.js";

const graph = graphOf(
  external("glibc"),
  node("zlib", ["glibc"]),
  node("perl", ["zlib:run"]),
  node("cmake", ["zlib", "make:build"]),
  node("make"),
  node("checker"),
  node("app", ["zlib:link", "perl:run", "cmake:build", "checker:test"]),
);

function wanted(roots: readonly string[], options: WantedOptions = {}): string[] {
  return wantedPackages(graph, roots.map(hashOf), options).map(({ name }) => name);
}

describe("wantedPackages", () => {
  it("includes all dependencies, before their dependents, without externals", () => {
    const names = wanted(["app"]);
    expect([...names].sort()).toEqual(["app", "checker", "cmake", "make", "perl", "zlib"]);
    for (const [dependency, dependent] of [
      ["zlib", "perl"],
      ["make", "cmake"],
      ["cmake", "app"],
    ] as const)
      expect(names.indexOf(dependency)).toBeLessThan(names.indexOf(dependent));
  });

  it("leaves out build dependencies, and what only they need, on request", () => {
    expect(wanted(["app"], { withBuildDependencies: false }).sort()).toEqual([
      "app",
      "checker",
      "perl",
      "zlib",
    ]);
  });

  it("includes only the roots, or only their dependencies", () => {
    expect(wanted(["app", "zlib"], { only: "package" }).sort()).toEqual(["app", "zlib"]);
    expect(wanted(["app", "zlib"], { only: "dependencies" }).sort()).toEqual([
      "checker",
      "cmake",
      "make",
      "perl",
    ]);
    expect(wanted(["app"], { only: "dependencies", withBuildDependencies: false }).sort()).toEqual([
      "checker",
      "perl",
      "zlib",
    ]);
  });

  it("includes each package once", () => {
    expect(wanted(["app", "cmake", "app"])).toHaveLength(6);
  });
});

describe("absentAtRunTime", () => {
  const request = { graph, roots: [hashOf("app")], wanted: wantedPackages(graph, [hashOf("app")], {}) };
  const absent = (...available: readonly string[]) =>
    absentAtRunTime(request, ({ name }) => available.includes(name)).map(({ name }) => name);

  it("reports run-time dependencies and roots, but not build dependencies", () => {
    expect(absent("app", "perl", "zlib")).toEqual([]);
    expect(absent("app", "cmake", "make").sort()).toEqual(["perl", "zlib"]);
    expect(absent("perl", "zlib")).toEqual(["app"]);
  });

  it("reports nothing that was not wanted", () => {
    const only = { ...request, wanted: wantedPackages(graph, request.roots, { only: "package" }) };
    expect(absentAtRunTime(only, () => false).map(({ name }) => name)).toEqual(["app"]);
  });
});

describe("withoutDependents", () => {
  const left = (...names: readonly string[]) =>
    [...withoutDependents(graph, new Set(names.map(hashOf)))].sort();

  it("keeps the packages that no other one links or runs with", () => {
    expect(left("app", "zlib", "perl", "cmake", "make")).toEqual([
      hashOf("app"),
      hashOf("cmake"),
      hashOf("make"),
    ]);
  });

  it("considers only dependents in the set", () => {
    expect(left("zlib")).toEqual([hashOf("zlib")]);
    expect(left()).toEqual([]);
  });
});
