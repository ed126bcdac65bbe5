// What a push decides to do.

import type { SpecNode } from "@spack-oci/spack-spec";
import type { InstallRecord } from "@spack-oci/spack-store";
import { describe, expect, it } from "vitest";
import { packageTag } from "../../../src/package-image/tags.js";
import { isPushable, type PushSelection, planPush } from "../../../src/verbs/push/plan-push.js";
import { external, hashOf, namesOf, node } from "../../support/nodes.js";

const glibc = external("glibc");
const zlib = node("zlib", ["glibc"]);
const cmake = node("cmake", ["zlib"]);
const app = node("app", ["zlib", "cmake:build"]);
const all = [glibc, zlib, cmake, app];

const record = (spec: SpecNode, changes: Partial<InstallRecord> = {}): InstallRecord => ({
  spec,
  refCount: 1,
  path: `/opt/${spec.name}`,
  installed: true,
  explicit: false,
  installationTime: 0,
  deprecatedFor: null,
  ...changes,
});

function plan(changes: Partial<PushSelection> = {}, gone: readonly string[] = []) {
  const records = all.map((spec): [string, InstallRecord] => [
    spec.hash,
    record(spec, { installed: !gone.includes(spec.name) }),
  ]);
  return planPush({
    graph: new Map(all.map((spec) => [spec.hash, spec])),
    records: new Map(records),
    roots: [hashOf("app")],
    scope: {},
    force: false,
    strict: false,
    existingTags: new Set(),
    isExcluded: () => false,
    ...changes,
  });
}

describe("planPush", () => {
  it("includes run-time and build dependencies, dependencies first, without externals", () => {
    expect(namesOf(plan().todo)).toEqual(["zlib", "cmake", "app"]);
    expect(plan().todo[0]).toEqual({ node: zlib, prefix: "/opt/zlib", tag: packageTag(zlib) });
  });

  it("leaves out build dependencies on request, or if they are gone", () => {
    const scope = { withBuildDependencies: false };
    expect(namesOf(plan({ scope }).todo)).toEqual(["zlib", "app"]);
    const withoutCmake = plan({}, ["cmake"]);
    expect(namesOf(withoutCmake.todo)).toEqual(["zlib", "app"]);
    expect(withoutCmake.absent).toEqual([]);
    expect(plan({ strict: true }, ["cmake"]).absent.map(({ name }) => name)).toEqual(["cmake"]);
  });

  it("leaves out existing packages, unless forced", () => {
    const existingTags = new Set([packageTag(zlib)]);
    expect(namesOf(plan({ existingTags }).todo)).toEqual(["cmake", "app"]);
    expect(namesOf(plan({ existingTags }).present)).toEqual(["zlib"]);
    expect(namesOf(plan({ existingTags, force: true }).todo)).toEqual(["zlib", "cmake", "app"]);
  });

  it("includes only the packages, or only their dependencies", () => {
    expect(namesOf(plan({ scope: { only: "package" } }).todo)).toEqual(["app"]);
    expect(namesOf(plan({ scope: { only: "dependencies" } }).todo)).toEqual(["zlib", "cmake"]);
  });

  it("reports what was left out on request", () => {
    const without = plan({ isExcluded: (item) => item.node.name === "zlib" });
    expect(namesOf(without.todo)).toEqual(["cmake", "app"]);
    expect(namesOf(without.excluded)).toEqual(["zlib"]);
  });

  it("names run-time dependencies that neither side has", () => {
    expect(plan({}, ["zlib"]).absent.map(({ name }) => name)).toEqual(["zlib"]);
    expect(plan({ existingTags: new Set([packageTag(zlib)]) }, ["zlib"]).absent).toEqual([]);
  });
});

it("pushes only packages that Spack installed and that still exist", () => {
  expect(isPushable(record(zlib))).toBe(true);
  expect(isPushable(record(zlib, { installed: false }))).toBe(false);
  expect(isPushable(record(zlib, { path: null }))).toBe(false);
  expect(isPushable(record(glibc))).toBe(false);
});
